// The ruler's numbers, and blocks in rows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { blockAt, rowsOfBlocks } from "../../../src/preview/page/timeline/blocks.js";
import { barsANumber, minutesAndSeconds, rulerMarks } from "../../../src/preview/page/timeline/ruler.js";
import { createScale } from "../../../src/preview/page/timeline/scale.js";
import { loudnessColumns } from "../../../src/preview/page/timeline/waveform.js";
import { chance, evenBeats, SECOND } from "./timeline_shows.mjs";

const labels = (marks) => marks.map((mark) => mark.label).filter((label) => label !== "");

test("numbers thin out by halves", () => {
  assert.equal(barsANumber(200), 1);
  assert.equal(barsANumber(30), 2);
  assert.equal(barsANumber(12), 4);
  assert.equal(barsANumber(0.01), 8192);
  assert.equal(barsANumber(0), 1);
});

test("a whole show has every fourth bar, a near one its beats", () => {
  const beats = evenBeats(240);
  const far = labels(rulerMarks(beats, createScale({ fromUs: 0, toUs: 120 * SECOND }, 1_000)));
  assert.deepEqual(far.slice(0, 3), ["1", "5", "9"]);
  const near = labels(rulerMarks(beats, createScale({ fromUs: 2 * SECOND, toUs: 4 * SECOND }, 1_000)));
  assert.deepEqual(near, ["2", "2.2", "2.3", "2.4", "3"]);
});

test("labels never overlap, at any zoom, with any tempo", () => {
  const random = chance(4);
  for (let round = 0; round < 200; round += 1) {
    const beats = [];
    let us = 0;
    for (let index = 0; index < 400; index += 1) {
      beats.push([us, 1 + Math.floor(index / 3), 1 + (index % 3)]);
      us += 200_000 + Math.floor(random() * 800_000);
    }
    const fromUs = Math.floor(random() * us * 0.9);
    const scale = createScale({ fromUs, toUs: fromUs + 300_000 + Math.floor(random() * random() * us) }, 360 + random() * 2_000);
    const marks = rulerMarks(round % 4 === 0 ? [] : beats, scale);
    const labelled = marks.filter((mark) => mark.label !== "");
    labelled.slice(1).forEach((mark, index) => {
      const room = mark.x - labelled[index].x;
      assert.ok(room >= 7 * labelled[index].label.length, `${labelled[index].label} and ${mark.label}: ${room}`);
    });
    assert.ok(marks.length < 2_500, `${marks.length} marks`);
  }
});

test("without a tempo the ruler has seconds", () => {
  const told = labels(rulerMarks([], createScale({ fromUs: 0, toUs: 60 * SECOND }, 600)));
  assert.deepEqual(told.slice(0, 4), ["0:00", "0:10", "0:20", "0:30"]);
  const near = labels(rulerMarks([], createScale({ fromUs: SECOND, toUs: 1_500_000 }, 640)));
  assert.equal(near[1], "0:01.05");
});

test("a time is written as the cue sheet writes it", () => {
  assert.equal(minutesAndSeconds(0, 0), "0:00");
  assert.equal(minutesAndSeconds(65_250_000, 2), "1:05.25");
  assert.equal(minutesAndSeconds(59_999_999, 0), "0:59");
  assert.equal(minutesAndSeconds(3_600_000_000, 3), "60:00.000");
});

test("blocks that overlap have rows of their own", () => {
  const block = (name, start, end) => ({ name, start_us: start, end_us: end });
  const { rows, placed } = rowsOfBlocks([block("b", 5, 9), block("a", 0, 6), block("c", 6, 8), block("d", 7, 8), block("e", 7, 8)], 3);
  assert.equal(rows, 3);
  assert.deepEqual(placed.map((each) => [each.block.name, each.row]), [["a", 0], ["b", 1], ["c", 0], ["d", 2], ["e", 2]]);
  assert.equal(blockAt(placed, 0, 6).name, "c");
  assert.equal(blockAt(placed, 1, 4), null);
  assert.deepEqual(rowsOfBlocks([], 3), { rows: 0, placed: [] });
});

test("the loudest point of a pixel is seen, and silence after the music", () => {
  const points = Array.from({ length: 100 }, (_, index) => [index === 42 ? 1_000 : 10, 5]);
  const { peaks, means } = loudnessColumns({ step_us: 20_000, points }, createScale({ fromUs: 0, toUs: 4 * SECOND }, 40), 40);
  assert.equal(peaks[8], 1_000);
  assert.equal(peaks[7], 10);
  assert.equal(means[19], 5);
  assert.equal(peaks[20], 0);
});
