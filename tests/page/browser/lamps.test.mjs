// The lamps on the page show what the program renders, standing and playing.

import assert from "node:assert/strict";
import test from "node:test";

import { launch, open } from "./browser.mjs";
import { folder, ownShows, preview } from "./preview.mjs";
import { levelAt, permille, renderedLevels } from "./rendered.mjs";
import { lamps, seek } from "./steering.mjs";

/// Every kind of light, fade and rule, with delays of the lights themselves.
const RIG = `
[channels]
relay  = { pin = 4, kind = "relay", active = "low", min_on = "300 ms", min_off = "300 ms", lead = "40 ms" }
solid  = { pin = 16, kind = "ssr" }
strip  = { pin = 12, kind = "pwm", lead = "15 ms" }
capped = { pin = 13, kind = "pwm", ceiling = "70 %" }
faint  = { pin = 18, kind = "pwm", floor = "4 %" }

[groups]
strips = ["strip", "capped", "faint"]

[limits]
on_at_once = 4
`;
const SHOW = `
length 0:30
tempo 97 bpm, 3/4
0:01    strips fade to 100 % over 3 s ease-in
0:05    strips fade to 20 % over 2 s ease-out
0:06    relay on
0:06.1  relay off
0:08    strips chase every 1/2 beat for 4 s
0:13    all twinkle for 3 s
0:17    solid strobe every 0.4 s for 2 s
0:20    capped pulse every 1 beat for 4 s
0:22    relay, solid on
0:24    strips fade to 77 % over 5 s ease
`;

/// In thousandths: the seen level of each channel at `time`, each delayed by its `leads`.
function expected(rendered, leads, names, time) {
    return Object.fromEntries(names.map((name) => [name, levelAt(rendered.get(name) ?? [], time - (leads[name] ?? 0))]));
}

function thousandths(levels) {
    return Object.fromEntries(Object.entries(levels).map(([name, level]) => [name, permille(level)]));
}

/// 200 places, among them the first and the last instant; the same in each run.
function places(length) {
    let seed = 20;
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    return [0, length - 1, ...Array.from({ length: 198 }, () => Math.floor(next() * length))];
}

test("lamps of every kind show the rendered levels at 200 places", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "kinds.show": SHOW });
    const page = await open(await launch(t), await preview(t, shows, "kinds"));
    const rendered = renderedLevels(shows, "kinds");
    const leads = { relay: 40_000, strip: 15_000 };
    for (const time of places(30_000_000)) {
        await seek(page, time);
        const seen = thousandths((await lamps(page)).levels);
        assert.deepEqual(seen, expected(rendered, leads, Object.keys(seen), time), `at ${time} µs`);
    }
    assert.deepEqual(page.troubles, []);
});

test("while a show with music plays, the lamps show the levels of the place that is heard", async (t) => {
    const shows = ownShows(t);
    const page = await open(await launch(t), await preview(t, shows, "starcourt"));
    const rendered = renderedLevels(shows, "starcourt");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    let last = -1;
    for (let look = 0; look < 50; look++) {
        await page.waitForTimeout(40);
        const { positionUs, heardUs, levels } = await lamps(page);
        assert.ok(positionUs >= last, "the place never goes back");
        last = positionUs;
        const seen = thousandths(levels);
        assert.deepEqual(seen, expected(rendered, { marquee: 8_000 }, Object.keys(seen), positionUs), `at ${positionUs} µs`);
        // 30 ms are the bar; a busy machine draws its frames late.
        assert.ok(Math.abs(positionUs - heardUs) < 300_000, `${positionUs} µs is shown, ${heardUs} µs is heard`);
    }
    assert.ok(last > 1_000_000, `in two seconds the show came to ${last} µs`);
    assert.deepEqual(page.troubles, []);
});
