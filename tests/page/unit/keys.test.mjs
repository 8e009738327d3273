// The keys, and the steps that they make.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { actionOfKey, KEYS } from "../../../src/preview/page/keys.js";
import { rangeToLoop, stepFrom } from "../../../src/preview/page/steps.js";
import { beatText, timeText } from "../../../src/preview/page/time_text.js";
import { seeded } from "./fake_audio.mjs";

const press = (key, { shift = false, edit = false } = {}) => actionOfKey({ key, shiftKey: shift }, edit);

test("every key of the table does what its row says, and no two rows have the same key", () => {
  for (const edit of [false, true]) {
    const seen = new Set();
    for (const row of KEYS.filter((each) => Boolean(each.edit) === edit)) {
      row.keys.forEach((name, index) => {
        assert.ok(!seen.has(name), `${name} twice`);
        seen.add(name);
        const shift = name.startsWith("Shift+");
        const expected = Array.isArray(row.action) ? row.action[index] : row.action;
        assert.equal(press(name.replace("Shift+", ""), { shift, edit }), expected, name);
      });
      if (Array.isArray(row.action)) assert.equal(row.action.length, row.keys.length);
    }
  }
});

test("arrows move lamps only while lamps are moved", () => {
  assert.equal(press("ArrowLeft"), "beatBack");
  assert.equal(press("ArrowLeft", { edit: true }), "lampLeft");
  assert.equal(press("ArrowUp", { shift: true, edit: true }), "lampFarUp");
  assert.equal(press("Escape"), "chooseNothing");
  assert.equal(press("Escape", { edit: true }), "editLamps");
  assert.equal(press(" ", { edit: true }), "playOrPause");
  assert.equal(press("Tab", { edit: true }), null, "the browser goes to the next lamp");
});

test("a letter does the same with caps lock or shift, unless it has a meaning of its own", () => {
  assert.equal(press("L"), "loopPart");
  assert.equal(press("L", { shift: true }), "loopPart");
  assert.equal(press("C", { shift: true, edit: true }), "lampColourBack");
  assert.equal(press("c", { edit: true }), "lampColourOn");
  assert.equal(press("c"), null);
  assert.equal(press("?", { shift: true }), "help");
  assert.equal(press("+", { shift: true }), "zoomIn");
});

test("keys that mean nothing do nothing", () => {
  for (const key of ["x", "F5", "Dead", "Unidentified", "Shift", "ß", "Shift+L", "constructor"])
    assert.equal(press(key), null, key);
});

const BEATS = { length_us: 5_000_000, beats: [] };
for (let beat = 0; beat < 8; beat += 1)
  BEATS.beats.push([500_000 + beat * 500_000, 1 + Math.floor(beat / 4), 1 + (beat % 4)]);

test("a step goes to the next beat or bar, and back past one that has just begun", () => {
  assert.equal(stepFrom(BEATS, 0, 1, "beat"), 500_000);
  assert.equal(stepFrom(BEATS, 500_000, 1, "beat"), 1_000_000);
  assert.equal(stepFrom(BEATS, 600_000, 1, "bar"), 2_500_000);
  assert.equal(stepFrom(BEATS, 2_500_000, 1, "bar"), 5_000_000, "behind the last bar is the end");
  assert.equal(stepFrom(BEATS, 1_450_000, -1, "beat"), 1_000_000);
  assert.equal(stepFrom(BEATS, 1_050_000, -1, "beat"), 500_000);
  assert.equal(stepFrom(BEATS, 500_000, -1, "beat"), 0);
  assert.equal(stepFrom(BEATS, 3_900_000, -1, "bar"), 2_500_000);
  assert.equal(stepFrom(BEATS, 100_000, -1, "bar"), 0);
});

test("without a tempo a step is a second or five", () => {
  const show = { length_us: 20_000_000, beats: [] };
  assert.equal(stepFrom(show, 1_500_000, 1, "beat"), 2_500_000);
  assert.equal(stepFrom(show, 1_500_000, -1, "bar"), 0);
  assert.equal(stepFrom(show, 19_000_000, 1, "bar"), 20_000_000);
});

test("steps reach both ends from anywhere, and never leave the show", () => {
  const random = seeded(9);
  for (const by of [1, -1]) {
    for (const unit of ["beat", "bar"]) {
      let us = Math.floor(random() * BEATS.length_us);
      for (let step = 0; step < 20; step += 1) {
        const next = stepFrom(BEATS, us, by, unit);
        assert.ok(next >= 0 && next <= BEATS.length_us && (next - us) * by >= 0);
        us = next;
      }
      assert.equal(us, by > 0 ? BEATS.length_us : 0);
    }
  }
});

test("what is repeated is the part, else the bar, else five seconds", () => {
  assert.deepEqual(rangeToLoop(BEATS, { start_us: 1, end_us: 2 }, 0), { fromUs: 1, toUs: 2 });
  assert.deepEqual(rangeToLoop(BEATS, null, 700_000), { fromUs: 500_000, toUs: 2_500_000 });
  assert.deepEqual(rangeToLoop(BEATS, null, 3_000_000), { fromUs: 2_500_000, toUs: 5_000_000 });
  assert.deepEqual(rangeToLoop(BEATS, null, 0), { fromUs: 0, toUs: 5_000_000 });
});

test("times read as people say them", () => {
  assert.deepEqual([0, 99_999, 100_000, 59_999_999, 60_000_000, 3_661_500_000].map(timeText), [
    "0:00.0",
    "0:00.0",
    "0:00.1",
    "0:59.9",
    "1:00.0",
    "61:01.5",
  ]);
  assert.equal(beatText(null), "");
  assert.equal(beatText({ bar: 9, beat: 2 }), "9.2");
});

test("docs/preview.md has the keys of the page, in their order", () => {
  const page = readFileSync(new URL("../../../docs/preview.md", import.meta.url), "utf8");
  const part = page.slice(page.indexOf("## Keys\n"), page.indexOf("## On another machine"));
  const rows = part.split("\n").filter((line) => /^\| `/.test(line));
  const told = (row) => `| ${row.shown.split(" ").map((key) => `\`${key}\``).join(" ")} | ${row.what} |`;
  const inOrder = [...KEYS.filter((row) => !row.edit), ...KEYS.filter((row) => row.edit)];
  assert.deepEqual(rows, inOrder.map(told));
});
