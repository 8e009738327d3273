// The levels of a show as `starcourt render` writes them, read by a reader of its own.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "./preview.mjs";

/// Of each channel the instants (µs) and the levels (thousandths) from then on.
export function renderedLevels(shows, show) {
    const file = join(shows, `${show}.csv`);
    run(shows, "render", show, "-o", file);
    const channels = new Map();
    for (const line of readFileSync(file, "utf8").trim().split("\n").slice(1)) {
        const [time, , , channel, level] = line.split(",");
        if (!channels.has(channel)) {
            channels.set(channel, []);
        }
        channels.get(channel).push([Number(time), Number(level)]);
    }
    return channels;
}

/// The level of a channel with these `changes` at `time`.
export function levelAt(changes, time) {
    const begun = changes.filter(([start]) => start <= time);
    return begun.length === 0 ? 0 : begun.at(-1)[1];
}

/// As the table of changes rounds levels: thousandths, and light never shows as dark.
export function permille(hundredths) {
    return hundredths === 0 ? 0 : Math.max(1, Math.round(hundredths / 10));
}
