// Everything can be done by keyboard alone.

import assert from "node:assert/strict";
import test from "node:test";

import { launch, open } from "./browser.mjs";
import { folder, preview } from "./preview.mjs";
import { lamps, seek, waitForLayout, waitForPlace, waitUntilAfter } from "./steering.mjs";

const RIG = `
[channels]
porch = { pin = 4, kind = "ssr" }
star  = { pin = 12, kind = "pwm" }
fence = { pin = 13, kind = "pwm" }
`;
// A bar of four beats lasts for two seconds.
const SHOW = `length 0:40
tempo 120 bpm, 4/4
section verse
    1.1 porch on
    2.1 star fade to 50 % over 1 bar
    2.1 star fade to 60 % over 1 bar
5.1 play verse
9.1 fence on
10.1 play verse
`;

async function begin(t, options) {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    const page = await open(await launch(t), await preview(t, shows, "porch"), options);
    const press = async (...keys) => {
        for (const key of keys) {
            await page.keyboard.press(key);
        }
    };
    const at = (time) => waitForPlace(page, time);
    return { page, press, at };
}

test("the place moves by beats, by bars, and to both ends", async (t) => {
    const { page, press, at } = await begin(t);
    await press("ArrowRight", "ArrowRight");
    await at(1_000_000);
    await press("Shift+ArrowRight");
    await at(2_000_000);
    await press("Shift+ArrowRight", "ArrowLeft");
    await at(3_500_000);
    await press("Shift+ArrowLeft");
    await at(2_000_000);
    await press("End");
    await at(40_000_000);
    await press("Home");
    await at(0);
    assert.deepEqual(page.troubles, []);
});

test("space plays and pauses, h halves the speed", async (t) => {
    const { page, press } = await begin(t);
    await press(" ");
    await waitUntilAfter(page, 500_000);
    await press(" ");
    await page.waitForTimeout(100);
    const { positionUs } = await lamps(page);
    await page.waitForTimeout(300);
    assert.equal((await lamps(page)).positionUs, positionUs, "it stands");
    await press("h");
    const [place, now] = await page.evaluate(() => [Number(document.querySelector("#time").dataset.us), performance.now()]);
    await press(" ");
    await page.waitForTimeout(1_500);
    const [later, then] = await page.evaluate(() => [Number(document.querySelector("#time").dataset.us), performance.now()]);
    const speed = (later - place) / 1_000 / (then - now);
    assert.ok(speed > 0.2 && speed <= 0.51, `half speed is ${speed}`);
    assert.deepEqual(page.troubles, []);
});

test("a range repeats", async (t) => {
    const { page, press, at } = await begin(t);
    await seek(page, 9_000_000);
    await press("[");
    await press("ArrowRight", "ArrowRight");
    await at(10_000_000);
    await press("]", " ");
    let back = 0;
    let last = 0;
    for (let look = 0; look < 80 && back < 2; look++) {
        await page.waitForTimeout(50);
        const { positionUs } = await lamps(page);
        assert.ok(positionUs >= 9_000_000 && positionUs <= 10_000_000, `${positionUs} µs is in the range`);
        back += positionUs < last ? 1 : 0;
        last = positionUs;
    }
    assert.equal(back, 2, "it began anew twice");
    await press("l");
    await waitUntilAfter(page, 10_100_000);
    assert.deepEqual(page.troubles, []);
});

test("channels and lines are chosen, and their cue is gone to", async (t) => {
    const { page, press, at } = await begin(t);
    await seek(page, 20_000_000);
    await press("ArrowDown", "ArrowDown", "ArrowDown");
    await page.locator('[data-channel="fence"][aria-pressed="true"]').waitFor();
    await page.locator("#sheet [aria-selected=true]", { hasText: "9.1 fence on" }).waitFor();
    await press("Enter");
    await at(16_000_000);
    await press("k");
    await page.locator("#sheet [aria-selected=true]", { hasText: "5.1 play verse" }).waitFor();
    assert.deepEqual(page.troubles, []);
});

test("a warning is found, and stands at its line", async (t) => {
    const { page, press } = await begin(t);
    assert.match(await page.locator("#notes").innerText(), /no effect|no difference|star/);
    await press("n");
    await page.locator("#sheet [aria-selected=true]", { hasText: "star fade to 50" }).waitFor();
    assert.deepEqual(page.troubles, []);
});

test("a lamp is moved, made larger and given a colour, and its place is kept", async (t) => {
    const { page, press } = await begin(t);
    await press("e", "Tab");
    await press("Shift+ArrowRight", "Shift+ArrowDown", "ArrowRight", ">", "c");
    const [lamp] = Object.values(await waitForLayout(page, (lamps) => Object.values(lamps)[0]?.colour !== undefined));
    assert.ok(Number.isFinite(lamp.x) && Number.isFinite(lamp.y), JSON.stringify(lamp));
    assert.match(lamp.colour, /^(#[0-9a-f]{6}|[a-z]+( [a-z]+)*)$/);
    await press("Escape");
    assert.equal(await page.locator("body.is-edit").count(), 0);
    assert.deepEqual(page.troubles, []);
});

test("the help names every key, and closes", async (t) => {
    const { page, press } = await begin(t);
    await press("?");
    const help = page.locator("#key-help");
    assert.ok(await help.isVisible());
    for (const word of ["play or pause", "half speed", "the whole show", "move lamps"]) {
        assert.match(await help.innerText(), new RegExp(word));
    }
    await press("Escape");
    assert.ok(!(await help.isVisible()));
    assert.deepEqual(page.troubles, []);
});

for (const width of [360, 768, 2_560]) {
    test(`nothing is wider than a screen of ${width} pixels, and play can be touched`, async (t) => {
        const { page } = await begin(t, { viewport: { width, height: 800 } });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        const play = await page.getByRole("button", { name: "Play", exact: true }).boundingBox();
        assert.ok(play.width >= 40 && play.height >= 40, `play has ${play.width} × ${play.height} pixels`);
        assert.ok(play.x >= 0 && play.x + play.width <= width && play.y + play.height <= 800, "play is in sight");
        assert.deepEqual(page.troubles, []);
    });
}
