// Time and place, zoom, and the nearest beat.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  createScale,
  draggedRange,
  fittedView,
  nearestBeatUs,
  shortestSpanUs,
  viewFrom,
  zoomedView,
} from "../../../src/preview/page/timeline/scale.js";
import { chance, evenBeats, SECOND } from "./timeline_shows.mjs";

test("a place and its moment lead to each other", () => {
  const random = chance(3);
  for (let round = 0; round < 500; round += 1) {
    const fromUs = Math.floor(random() * 100 * SECOND);
    const scale = createScale({ fromUs, toUs: fromUs + 100_000 + Math.floor(random() * 300 * SECOND) }, 300 + Math.floor(random() * 2_000));
    const us = scale.fromUs + Math.floor(random() * (scale.toUs - scale.fromUs));
    assert.ok(Math.abs(scale.usAt(scale.xOf(us)) - us) <= 1);
    assert.ok(scale.xOf(us) >= 0 && scale.xOf(us) <= scale.width);
  }
});

test("a view stays within the show, whatever is asked of it", () => {
  const random = chance(7);
  const lengthUs = 300 * SECOND;
  let view = { fromUs: 0, toUs: lengthUs };
  for (let round = 0; round < 2_000; round += 1) {
    const around = Math.floor(random() * lengthUs);
    if (random() < 0.7) view = zoomedView(view, Math.exp(random() * 4 - 2), around, lengthUs, 500_000);
    else view = viewFrom(view.fromUs + (random() - 0.5) * lengthUs, view.toUs - view.fromUs, lengthUs);
    assert.ok(Number.isInteger(view.fromUs) && Number.isInteger(view.toUs));
    assert.ok(view.fromUs >= 0 && view.toUs <= lengthUs, JSON.stringify(view));
    assert.ok(view.toUs - view.fromUs >= 500_000);
  }
});

test("the moment that is zoomed round keeps its place", () => {
  const view = { fromUs: 40 * SECOND, toUs: 80 * SECOND };
  const around = 50 * SECOND;
  const before = createScale(view, 1_000).xOf(around);
  for (const factor of [0.8, 1.6, 5]) {
    const after = createScale(zoomedView(view, factor, around, 300 * SECOND, 500_000), 1_000).xOf(around);
    assert.ok(Math.abs(after - before) < 0.01, `${factor}: ${after} and ${before}`);
  }
});

test("zoom ends at the whole show and at one beat", () => {
  const lengthUs = 300 * SECOND;
  const beats = evenBeats(600);
  assert.equal(shortestSpanUs(beats), SECOND / 2);
  const closest = zoomedView({ fromUs: 0, toUs: lengthUs }, 1e9, 100 * SECOND, lengthUs, shortestSpanUs(beats));
  assert.equal(closest.toUs - closest.fromUs, SECOND / 2);
  assert.deepEqual(zoomedView(closest, 1e-9, 100 * SECOND, lengthUs, 1), { fromUs: 0, toUs: lengthUs });
  assert.ok(shortestSpanUs([]) > 0);
});

test("a show of no length and a show without a view have a view", () => {
  assert.deepEqual(viewFrom(5, 5, 0), { fromUs: 0, toUs: 1 });
  assert.deepEqual(fittedView({ fromUs: 0, toUs: 1 }, 60 * SECOND), { fromUs: 0, toUs: 60 * SECOND });
  assert.deepEqual(fittedView({ fromUs: 50 * SECOND, toUs: 60 * SECOND }, 20 * SECOND), { fromUs: 10 * SECOND, toUs: 20 * SECOND });
});

test("the nearest beat, and the nearest bar", () => {
  const beats = evenBeats(8, 100_000);
  assert.equal(nearestBeatUs(beats, 0, false), 100_000);
  assert.equal(nearestBeatUs(beats, 800_000, false), 600_000);
  assert.equal(nearestBeatUs(beats, 860_000, false), 1_100_000);
  assert.equal(nearestBeatUs(beats, 1_200_000, true), 2_100_000);
  assert.equal(nearestBeatUs(beats, 1_000_000, true), 100_000);
  assert.equal(nearestBeatUs([], 123, false), 123);
});

test("a dragged loop goes from beat to beat where beats are wide, and is never empty or backwards", () => {
  const beats = evenBeats(120);
  const wide = createScale({ fromUs: 0, toUs: 10 * SECOND }, 1_000);
  assert.deepEqual(draggedRange(beats, wide, 1_040_000, 2_980_000, 60 * SECOND), { fromUs: SECOND, toUs: 3 * SECOND });
  assert.deepEqual(draggedRange(beats, wide, 2_980_000, 1_040_000, 60 * SECOND), { fromUs: SECOND, toUs: 3 * SECOND });
  assert.equal(draggedRange(beats, wide, 1_040_000, 1_060_000, 60 * SECOND), null);
  const narrow = createScale({ fromUs: 0, toUs: 60 * SECOND }, 600);
  assert.deepEqual(draggedRange(beats, narrow, 2_300_000, 7_900_000, 60 * SECOND), { fromUs: 2 * SECOND, toUs: 8 * SECOND });
  const random = chance(11);
  for (let round = 0; round < 500; round += 1) {
    const range = draggedRange(beats, wide, (random() - 0.2) * 80 * SECOND, (random() - 0.2) * 80 * SECOND, 60 * SECOND);
    if (range) assert.ok(range.fromUs >= 0 && range.fromUs < range.toUs && range.toUs <= 60 * SECOND, JSON.stringify(range));
  }
});
