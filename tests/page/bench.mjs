// Prints what the page of `starcourt preview` costs, and how soon it shows a save. Run by: make page-bench

import { execFileSync } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { launch, open } from "./browser/browser.mjs";
import { folder, preview } from "./browser/preview.mjs";
import { seek } from "./browser/steering.mjs";

const CHANNELS = 40;
const SAVES = 50;

function middle(times) {
    return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function at(times, share) {
    return [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];
}

const rig = `[channels]\n${Array.from({ length: CHANNELS }, (_, i) => `lamp${i} = { sim = ${i}, kind = "pwm" }`).join("\n")}\n`;
/// All lamps change in every frame.
const busy = `length 5:00\n${Array.from({ length: 100 }, (_, i) => `${Math.floor((i * 3) / 60)}:${String((i * 3) % 60).padStart(2, "0")} all fade to ${i % 2 ? 5 : 95} % over 3 s`).join("\n")}\n`;

test("the script of a frame, 40 dimmed channels that all fade, with timeline and sheet", async (t) => {
    const shows = folder(t, { "rig.toml": rig, "busy.show": busy });
    const page = await open(await launch(t), await preview(t, shows, "busy"));
    await page.getByRole("button", { name: "Play", exact: true }).click();
    // The page keeps its last 600 frames.
    await page.waitForTimeout(12_000);
    const times = await page.evaluate(() => window.starcourtFrames);
    t.diagnostic(`frames ${times.length}: median ${middle(times).toFixed(2)} ms, 95 % ${at(times, 0.95).toFixed(2)} ms (bar: 4 ms)`);
});

test("from a save to the lamp", async (t) => {
    const shows = folder(t, { "rig.toml": rig, "porch.show": "length 0:20\n0:00 lamp0 1 %\n" });
    const page = await open(await launch(t), await preview(t, shows, "porch"));
    await seek(page, 10_000_000);
    const times = [];
    for (let save = 1; save <= SAVES; save++) {
        const level = 100 * (2 + (save % 90));
        const shown = page.evaluate(
            (level) =>
                new Promise((resolve) => {
                    const look = () =>
                        document.querySelector('[data-channel="lamp0"]').dataset.level === String(level)
                            ? resolve(Date.now())
                            : requestAnimationFrame(look);
                    look();
                }),
            level,
        );
        writeFileSync(join(shows, "new"), `length 0:20\n0:00 lamp0 ${level / 100} %\n`);
        const saved = Date.now();
        renameSync(join(shows, "new"), join(shows, "porch.show"));
        times.push((await shown) - saved);
    }
    t.diagnostic(`${SAVES} saves: median ${middle(times)} ms, 95 % ${at(times, 0.95)} ms (bar: 300 ms)`);
    t.diagnostic(execFileSync("nproc", { encoding: "utf8" }).trim() + " cores");
});
