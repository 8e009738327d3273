// What is saved while the page is open: a show is taken up at the same place, a mistake is told while the last good show
// plays on, a lamp that is moved is found in layout.toml.

import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { launch, open } from "./browser.mjs";
import { folder, preview } from "./preview.mjs";
import { lamps, seek, waitForLayout, waitUntilAfter } from "./steering.mjs";

const RIG = `
[channels]
porch = { pin = 4, kind = "ssr" }
star  = { pin = 12, kind = "pwm" }
`;
const SHOW = "length 0:20\n0:01 porch on\n0:05 star fade to 50 % over 2 s\n";

/// As editors save: beside it, then renamed over it.
function save(shows, text) {
    writeFileSync(join(shows, "porch.show.new"), text);
    renameSync(join(shows, "porch.show.new"), join(shows, "porch.show"));
}

async function middleOf(page, name) {
    const box = await page.locator(`[data-channel="${name}"] .bulb`).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
}

async function drag(page, name, byX, byY) {
    const [x, y] = await middleOf(page, name);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + byX, y + byY, { steps: 6 });
    await page.mouse.up();
}

test("a saved show goes on from the same place, and a mistake keeps the last good one", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    const page = await open(await launch(t), await preview(t, shows, "porch"));
    await seek(page, 10_000_000);
    assert.deepEqual((await lamps(page)).levels, { porch: 10_000, star: 5_000 });

    save(shows, SHOW.replace("50 %", "80 %"));
    await page.waitForSelector('[data-channel="star"][data-level="8000"]');
    assert.equal((await lamps(page)).positionUs, 10_000_000);

    save(shows, SHOW.replace("star fade", "stra fade"));
    const mistake = page.getByText("stra", { exact: false }).first();
    await mistake.waitFor();
    assert.match(await page.locator("#notes").innerText(), /stra/);
    assert.match(await page.locator("#notes").innerText(), /star/, "what is meant is told");
    assert.deepEqual((await lamps(page)).levels, { porch: 10_000, star: 8_000 });

    save(shows, SHOW.replace("50 %", "30 %"));
    await page.waitForSelector('[data-channel="star"][data-level="3000"]');
    assert.doesNotMatch(await page.locator("#notes").innerText(), /stra /);
    assert.equal((await lamps(page)).positionUs, 10_000_000);
    assert.deepEqual(page.troubles, []);
});

test("a mistake stands at its line of the saved text, in which the playing line is lit", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    const page = await open(await launch(t), await preview(t, shows, "porch"));
    await seek(page, 10_000_000);
    const lit = page.locator(".sheet-line.plays");
    assert.match(await lit.innerText(), /star fade/);
    assert.equal(await lit.getAttribute("data-line"), "3");

    save(shows, SHOW.replace("0:05", "# later\n\n0:02 stra on\n0:05"));
    const wrong = page.locator(".sheet-line.has-error");
    await wrong.waitFor();
    assert.equal(await wrong.getAttribute("data-line"), "5");
    assert.match(await wrong.innerText(), /0:02 stra on/);
    await page.waitForSelector('.sheet-line.plays[data-line="6"]');
    assert.match(await lit.innerText(), /star fade/);
    assert.deepEqual((await lamps(page)).levels, { porch: 10_000, star: 5_000 });
    await lit.click();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => Number(document.querySelector("#time").dataset.us) === 5_000_000);

    save(shows, SHOW);
    await page.waitForSelector('.sheet-line.plays[data-line="3"][aria-selected="true"]');
    assert.equal(await page.locator(".has-error").count(), 0);
    assert.deepEqual(page.troubles, []);
});

test("a save while it plays neither stops nor moves it", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    const page = await open(await launch(t), await preview(t, shows, "porch"));
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await waitUntilAfter(page, 2_000_000);
    let last = 0;
    for (let edit = 0; edit < 10; edit++) {
        const level = 10 + edit;
        save(shows, `length 0:20\n0:00 star ${level} %\n`);
        await page.waitForSelector(`[data-channel="star"][data-level="${level * 100}"]`);
        const { positionUs } = await lamps(page);
        assert.ok(positionUs > last, "it plays on");
        last = positionUs;
    }
    assert.ok(last < 20_000_000, "and never begins anew");
    assert.deepEqual(page.troubles, []);
});

test("a lamp that is dragged is found in layout.toml, and hangs there when the page comes again", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    writeFileSync(join(shows, "layout.toml"), "# the porch\n[lamps]\nporch = { x = 20, y = 20 } # left of the door\nstar = { x = 70, y = 30 }\n");
    const browser = await launch(t);
    const address = await preview(t, shows, "porch");
    const page = await open(browser, address);
    await page.keyboard.press("e");
    const [x, y] = await middleOf(page, "star");
    await drag(page, "star", -60, 40);
    const moved = await middleOf(page, "star");
    assert.ok(Math.abs(moved[0] - x + 60) < 4 && Math.abs(moved[1] - y - 40) < 4, `from ${[x, y]} to ${moved}`);
    const { star } = await waitForLayout(page, (lamps) => lamps.star.x !== 70);
    assert.ok(star.x < 70 && star.y > 30, JSON.stringify(star));
    const text = readFileSync(join(shows, "layout.toml"), "utf8");
    assert.match(text, /^# the porch\n/);
    assert.match(text, /porch = \{ x = 20, y = 20 \} # left of the door/, "what a person wrote stays as it is");
    assert.match(text, new RegExp(`star = \\{ x = ${star.x}`));

    const again = await open(browser, address);
    const left = await again.locator('[data-channel="star"]').evaluate((lamp) => lamp.style.left);
    assert.equal(left, `${star.x}%`);
    assert.deepEqual(page.troubles, []);
});

test("without a layout the first drag writes one", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    const page = await open(await launch(t), await preview(t, shows, "porch"));
    await page.keyboard.press("e");
    await drag(page, "porch", 100, -100);
    await waitForLayout(page, (lamps) => "porch" in lamps);
    assert.ok(existsSync(join(shows, "layout.toml")));
    assert.deepEqual(page.troubles, []);
});
