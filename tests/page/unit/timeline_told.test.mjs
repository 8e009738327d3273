// What `check` tells, where it is shown; the parts of a line of the sheet; words for what is under the pointer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { countedNotes } from "../../../src/preview/page/notes.js";
import { partsOfLine } from "../../../src/preview/page/sheet_rows.js";
import { isInSheet, noteAfter, placeOfNote, toldByLine } from "../../../src/preview/page/told.js";
import { laneAt, lanesInSight } from "../../../src/preview/page/timeline/lanes.js";
import { notesNear, rulesOfChannel, timesOfNotes } from "../../../src/preview/page/timeline/marks.js";
import { laneColour, sectionColour } from "../../../src/preview/page/timeline/palette.js";
import { createScale } from "../../../src/preview/page/timeline/scale.js";
import { chosenInWords, laneInWords, levelInWords } from "../../../src/preview/page/timeline/words.js";
import { chance, SECOND, smallShow } from "./timeline_shows.mjs";

const note = (line, changes = {}) => ({ line, severity: "warning", title: "t", label: "l", help: [], file: "porch.show", start_us: null, ...changes });

test("a note is at its line, one beyond the end at the last, one of another file at none", () => {
  const show = smallShow({ told: [note(4), note(4), note(99), note(3, { file: "rig.toml" }), note(null), note(2, { file: "/a/b/porch.show" })] });
  const byLine = toldByLine(show, null);
  assert.deepEqual([...byLine].map(([line, notes]) => [line, notes.length]), [[4, 2], [7, 1], [2, 1]]);
  assert.ok(!isInSheet(show, note(3, { file: "rig.toml" })));
  assert.equal(noteAfter(show, { text: "", told: [] }, null), null);
});

test("the place of a note is told in words", () => {
  const show = smallShow();
  assert.equal(placeOfNote(show, note(12)), "line 12");
  assert.equal(placeOfNote(show, note(3, { file: "shows/rig.toml" })), "line 3 of rig.toml");
  assert.equal(placeOfNote(show, note(null, { file: "rig.toml" })), "rig.toml");
  assert.equal(placeOfNote(show, note(null, { file: undefined })), "");
});

test("mistakes and warnings are counted", () => {
  const error = note(1, { severity: "error" });
  assert.equal(countedNotes([note(1)]), "1 warning");
  assert.equal(countedNotes([note(1), error, error]), "2 mistakes and 1 warning");
  assert.equal(countedNotes([]), "");
});

test("a note is marked at its moment, else at the first cue of its line", () => {
  const show = smallShow({ told: [note(7), note(5, { start_us: 9 * SECOND }), note(6), note(4, { severity: "error" })] });
  const times = timesOfNotes(show).map((each) => [each.startUs, each.kind]);
  assert.deepEqual(times, [[0, "error"], [2 * SECOND, "warning"], [9 * SECOND, "warning"]]);
  const scale = createScale({ fromUs: 0, toUs: 60 * SECOND }, 600);
  assert.equal(notesNear(show, scale, 90).length, 1);
  assert.equal(notesNear(show, scale, 300).length, 0);
});

test("what rules change is found by channel, in order, and a channel that does not exist does no harm", () => {
  const rule = (channel, start) => ({ channel, start_us: start, end_us: start + 5, what: "w" });
  const show = smallShow({ rules: [rule(1, 30), rule(1, 10), rule(0, 20), rule(99, 1)] });
  assert.deepEqual(rulesOfChannel(show, 1).map((each) => each.start_us), [10, 30]);
  assert.deepEqual(rulesOfChannel(show, 2), []);
});

test("the parts of a line are its whole text", () => {
  const kinds = (line) => partsOfLine(line).map((part) => [part.kind, part.text]);
  assert.deepEqual(kinds("5.1 to 9.1  neon  on # here"), [["when", "5.1"], ["", " to 9.1  neon  on "], ["comment", "# here"]]);
  assert.deepEqual(kinds("# ---- Verse ----"), [["heading", "# ---- Verse ----"]]);
  assert.deepEqual(kinds('title "Song #1" # x'), [["head", "title"], ["", ' "Song #1" '], ["comment", "# x"]]);
  assert.deepEqual(kinds("audio a#b.ogg"), [["head", "audio"], ["", " a#b.ogg"]]);
  assert.deepEqual(kinds(""), []);
  assert.deepEqual(kinds("  arcade  x-.. | ...."), [["", "  "], ["", "arcade"], ["", "  x-.. | ...."]]);
  const random = chance(17);
  for (let round = 0; round < 1_000; round += 1) {
    const line = Array.from({ length: 30 }, () => ' \t#"-a5+.x'[Math.floor(random() * 10)]).join("");
    assert.equal(partsOfLine(line).map((part) => part.text).join(""), line);
  }
});

test("only lanes in sight are drawn, and a place leads to its lane", () => {
  const random = chance(2);
  for (let round = 0; round < 500; round += 1) {
    const [count, height, top, space] = [Math.floor(random() * 512), 20 + Math.floor(random() * 30), random() * 16_000, random() * 900];
    const { first, end } = lanesInSight(count, height, top, space);
    assert.ok(first >= 0 && end >= first && end <= count);
    assert.ok(end - first <= space / height + 2);
    const lane = laneAt(count, height, top + space / 2);
    if (lane !== null) assert.ok(lane >= first && lane < end, `${lane} of ${first} to ${end}`);
  }
});

test("what is under the pointer is told: light, moment, line, rule", () => {
  const show = smallShow({ rules: [{ channel: 0, start_us: 2 * SECOND, end_us: 3 * SECOND, what: "it stays on" }] });
  assert.equal(laneInWords(show, 0, 2_500_000, 0), "neon on · 2.2 · 0:02.500 · line 7: 5.1 stage, neon on · rule of the rig: it stays on");
  assert.ok(!laneInWords(show, 0, 3_100_000, 0).includes("rule"));
  assert.ok(laneInWords(show, 0, 3_100_000, 200_000).includes("rule"));
  assert.equal(laneInWords(show, 1, 0, 0), "stars 0 % · 1.1 · 0:00.000");
  assert.equal(levelInWords({ dims: true }, 4_250), "42.5 %");
  assert.equal(chosenInWords(show, { channel: 0, line: 4 }), "neon, relay · line 4: 1.1 neon on");
  assert.equal(chosenInWords(show, { channel: null, line: 3 }), "line 3");
  assert.equal(chosenInWords(show, { channel: null, line: null }), "");
});

test("a lane has the colour of its lamp, lifted where it would be lost in the dark", () => {
  assert.equal(laneColour(undefined, "#ffd9a0"), "#ffd9a0");
  assert.equal(laneColour({ colour: "javascript:x" }, "#ffd9a0"), "#ffd9a0");
  assert.equal(laneColour({ colour: "#ffffff" }, "#ffd9a0"), "#ffffff");
  const [, red, green, blue] = /^rgb\((\d+) (\d+) (\d+)\)$/.exec(laneColour({ colour: "#0000ff" }, "#ffd9a0")).map(Number);
  assert.equal(blue, 255);
  assert.ok(red === green && red > 80, `${red}`);
  assert.notEqual(sectionColour(["a", "b"], "a"), sectionColour(["a", "b"], "b"));
  assert.match(sectionColour([], "unknown"), /^#/);
});
