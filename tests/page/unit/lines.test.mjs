// Which line is behind a moment or a light.

import assert from "node:assert/strict";
import { test } from "node:test";

import { beatAt, cueBehind, cuesOfLine, lineAt, partAt, startOfLine } from "../../../src/preview/page/lines.js";

const SHOW = {
  cues: [
    { line: 4, start_us: 1_000, end_us: 9_000, channels: [0] },
    { line: 9, start_us: 2_000, end_us: 3_000, channels: [0, 1] },
    { line: 10, start_us: 2_000, end_us: 2_500, channels: [1] },
    { line: 9, start_us: 6_000, end_us: 7_000, channels: [0, 1] },
  ],
  beats: [
    [500, 1, 1],
    [1_000, 1, 2],
    [1_500, 2, 1],
  ],
  sections: [{ name: "wink", start_us: 2_000, end_us: 3_000, line: 8 }],
  headings: [
    { name: "Verse", start_us: 1_000, end_us: 5_000, line: 3 },
    { name: "Finale", start_us: 5_000, end_us: 9_000, line: 7 },
  ],
};

test("the playing line is that of the cue that started last, the last in the sheet of several", () => {
  assert.deepEqual(
    [0, 999, 1_000, 2_000, 5_999, 6_000, 1e9].map((us) => lineAt(SHOW, us)),
    [null, null, 4, 10, 10, 9, 9],
  );
  assert.equal(lineAt({ cues: [] }, 5), null);
});

test("behind a light is the cue that lasts, not the one that has ended", () => {
  const behind = (channel, us) => cueBehind(SHOW, channel, us)?.line ?? null;
  assert.deepEqual(
    [999, 1_000, 2_500, 4_000, 6_500, 20_000].map((us) => behind(0, us)),
    [null, 4, 9, 4, 9, 9],
  );
  assert.deepEqual(
    [1_500, 2_000, 2_600, 4_000].map((us) => behind(1, us)),
    [null, 10, 9, 10],
  );
  assert.equal(behind(7, 5_000), null);
});

test("a line that plays twice has its cues twice, and is found where it plays or plays next", () => {
  assert.deepEqual(
    cuesOfLine(SHOW, 9).map((cue) => cue.start_us),
    [2_000, 6_000],
  );
  assert.deepEqual(
    [0, 2_500, 4_000, 6_500, 8_000].map((us) => startOfLine(SHOW, 9, us)),
    [2_000, 2_000, 6_000, 6_000, 6_000],
  );
  assert.equal(startOfLine(SHOW, 5, 0), null);
});

test("bar and beat count from the first beat on", () => {
  assert.equal(beatAt(SHOW, 499), null);
  assert.deepEqual(beatAt(SHOW, 1_499), { startUs: 1_000, bar: 1, beat: 2 });
  assert.deepEqual(beatAt(SHOW, 1_500), { startUs: 1_500, bar: 2, beat: 1 });
  assert.equal(beatAt({ beats: [] }, 5), null);
});

test("the part that plays is the section, else the heading", () => {
  assert.deepEqual(
    [0, 1_500, 2_500, 3_000, 5_000, 9_000].map((us) => partAt(SHOW, us)?.name ?? null),
    [null, "Verse", "wink", "Verse", "Finale", null],
  );
});
