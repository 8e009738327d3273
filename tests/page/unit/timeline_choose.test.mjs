// What is chosen leads to the rest: lanes, lines, warnings; and which part of the show is in view.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  chooseChannel,
  chooseLine,
  chooseRule,
  goToChosen,
  laneDown,
  laneUp,
  lineDown,
  lineUp,
  momentOfLine,
  nextNote,
} from "../../../src/preview/page/timeline/choose.js";
import {
  leavesView,
  moveView,
  showRange,
  timelineView,
  turnViewTo,
  zoomAll,
  zoomBy,
  zoomIn,
  zoomOut,
} from "../../../src/preview/page/timeline/view.js";
import { chance, SECOND, smallShow, storeWith } from "./timeline_shows.mjs";

const chosen = (store) => {
  const { channel, line } = store.get().selected;
  return [channel, line];
};

function fakeClock() {
  const seeks = [];
  return { seeks, seek: (us) => seeks.push(us) };
}

test("a channel leads to the line behind its light at that moment", () => {
  const store = storeWith(smallShow());
  chooseChannel(store, 0, SECOND);
  assert.deepEqual(chosen(store), [0, 4]);
  chooseChannel(store, 0, 2_500_000);
  assert.deepEqual(chosen(store), [0, 7]);
  chooseChannel(store, 1, 0);
  assert.deepEqual(chosen(store), [1, null], "nothing is behind a light before its first cue");
});

test("a line keeps the chosen channel only if its cues touch it", () => {
  const store = storeWith(smallShow());
  chooseChannel(store, 0, 0);
  chooseLine(store, 7);
  assert.deepEqual(chosen(store), [0, 7]);
  chooseLine(store, 5);
  assert.deepEqual(chosen(store), [null, 5]);
  chooseLine(store, 6);
  assert.deepEqual(chosen(store), [null, 6], "a comment can be chosen too");
});

test("up and down walk the lanes and stop at the ends", () => {
  const store = storeWith(smallShow());
  laneDown(store);
  assert.equal(chosen(store)[0], 0);
  for (let step = 0; step < 9; step += 1) laneDown(store);
  assert.equal(chosen(store)[0], 2);
  for (let step = 0; step < 9; step += 1) laneUp(store);
  assert.equal(chosen(store)[0], 0);
  const other = storeWith(smallShow());
  laneUp(other);
  assert.equal(chosen(other)[0], 2, "up begins below");
});

test("lines with cues are walked, from the line that plays", () => {
  const store = storeWith(smallShow(), { positionUs: 1_500_000 });
  lineDown(store);
  assert.equal(chosen(store)[1], 7);
  lineDown(store);
  assert.equal(chosen(store)[1], 7);
  for (const line of [5, 4, 4]) {
    lineUp(store);
    assert.equal(chosen(store)[1], line);
  }
});

test("nothing to walk is no failure", () => {
  const store = storeWith(smallShow({ channels: [], cues: [], told: [] }));
  for (const step of [laneUp, laneDown, lineUp, lineDown, nextNote]) step(store);
  assert.deepEqual(chosen(store), [null, null]);
  const clock = fakeClock();
  goToChosen(store, clock);
  assert.deepEqual(clock.seeks, []);
});

test("going to a line again leads to its next cue, and round", () => {
  const show = smallShow();
  assert.equal(momentOfLine(show, 7, 0), 2 * SECOND);
  assert.equal(momentOfLine(show, 7, 2 * SECOND), 30 * SECOND);
  assert.equal(momentOfLine(show, 7, 2 * SECOND + 9_000), 30 * SECOND, "a player of sound stops near the place");
  assert.equal(momentOfLine(show, 7, 30 * SECOND), 2 * SECOND);
  assert.equal(momentOfLine(show, 7, 2_500_000), 2 * SECOND, "in the middle of a cue to its beginning");
  assert.equal(momentOfLine(show, 6, 0), null);
  const store = storeWith(show);
  const clock = fakeClock();
  chooseLine(store, 7);
  goToChosen(store, clock);
  goToChosen(store, clock);
  assert.deepEqual(clock.seeks, [2 * SECOND, 30 * SECOND]);
});

test("a line that plays a section leads to that section, wherever it is played", () => {
  const part = (line, start) => ({ name: "fill", start_us: start * SECOND, end_us: (start + 1) * SECOND, line });
  const show = smallShow({ sections: [part(3, 10), part(3, 20), part(6, 40)], headings: [part(1, 50)] });
  assert.equal(momentOfLine(show, 3, 0), 10 * SECOND);
  assert.equal(momentOfLine(show, 3, 10 * SECOND), 20 * SECOND);
  assert.equal(momentOfLine(show, 1, 0), 50 * SECOND);
  const store = storeWith(show, { view: { fromUs: 0, toUs: 5 * SECOND } });
  const walked = [];
  for (let step = 0; step < 6; step += 1) {
    lineDown(store);
    walked.push(chosen(store)[1]);
  }
  assert.deepEqual(walked, [5, 6, 7, 7, 7, 7], "from line 4, which plays at the beginning");
  chooseLine(store, 6);
  assert.ok(store.get().view.fromUs <= 40 * SECOND && store.get().view.toUs >= 41 * SECOND);
});

test("the next warning is below the chosen line, then the first again", () => {
  const note = (line, file = "porch.show") => ({ line, file, severity: "warning", title: "x", help: [] });
  const store = storeWith(smallShow({ told: [note(7), note(4), note(5, "rig.toml"), note(null)] }));
  for (const line of [4, 7, 4]) {
    nextNote(store);
    assert.equal(chosen(store)[1], line);
  }
  store.set({ mistakes: { text: "", told: [note(2)] } });
  nextNote(store);
  assert.equal(chosen(store)[1], 2, "mistakes of the last save go before the warnings of the show");
});

test("a rule leads to its channel, and its moment comes into view", () => {
  const rules = [{ channel: 1, start_us: 50 * SECOND, end_us: 51 * SECOND, what: "x" }];
  const store = storeWith(smallShow({ rules }), { view: { fromUs: 0, toUs: 10 * SECOND } });
  chooseRule(store, 1, rules);
  assert.equal(chosen(store)[0], 1);
  const { view } = store.get();
  assert.ok(view.fromUs <= 50 * SECOND && view.toUs >= 51 * SECOND, JSON.stringify(view));
});

test("what is chosen comes into view with as little movement as is needed", () => {
  const random = chance(13);
  const store = storeWith(smallShow());
  for (let round = 0; round < 500; round += 1) {
    moveView(store, random() * 60 * SECOND);
    zoomBy(store, Math.exp(random() * 3 - 1.5), random() * 60 * SECOND);
    const before = timelineView(store);
    const fromUs = Math.floor(random() * 55 * SECOND);
    const toUs = fromUs + 1 + Math.floor(random() * 5 * SECOND);
    showRange(store, fromUs, toUs);
    const after = timelineView(store);
    assert.ok(after.fromUs <= fromUs && fromUs < after.toUs, `${JSON.stringify(after)} ${fromUs}`);
    assert.equal(after.toUs - after.fromUs, before.toUs - before.fromUs);
    if (before.fromUs <= fromUs && toUs <= before.toUs) assert.deepEqual(after, before);
  }
});

test("zoom by keys is round the playhead if it is in view", () => {
  const store = storeWith(smallShow(), { positionUs: 15 * SECOND });
  for (let step = 0; step < 30; step += 1) zoomIn(store);
  const { view } = store.get();
  assert.equal(view.toUs - view.fromUs, SECOND / 2, "one beat");
  assert.ok(view.fromUs <= 15 * SECOND && view.toUs >= 15 * SECOND);
  for (let step = 0; step < 30; step += 1) zoomOut(store);
  assert.deepEqual(store.get().view, { fromUs: 0, toUs: 60 * SECOND });
  zoomIn(store);
  zoomAll(store);
  assert.deepEqual(store.get().view, { fromUs: 0, toUs: 60 * SECOND });
});

test("the view follows a playhead that walks or is put out of it, not one that a person left", () => {
  const view = { fromUs: 10 * SECOND, toUs: 20 * SECOND };
  const follows = (lastUs, us, loop = null, playing = true) => leavesView(view, lastUs, us, { loop, playing });
  assert.ok(follows(19_990_000, 20_007_000), "it walks out");
  assert.ok(!follows(15 * SECOND, 15_016_000), "it is inside");
  assert.ok(!follows(30 * SECOND, 30_016_000), "a person looks elsewhere");
  assert.ok(follows(30 * SECOND, 40 * SECOND), "it was put elsewhere");
  assert.ok(!follows(33 * SECOND, 30 * SECOND, { fromUs: 30 * SECOND, toUs: 33 * SECOND }), "a loop that plays out of view");
  assert.ok(!follows(30 * SECOND, 30_500_000), "half a second may be a late frame");
  assert.ok(follows(30 * SECOND, 30_500_000, null, false), "a beat on, in a pause");
  const store = storeWith(smallShow(), { view });
  turnViewTo(store, 30 * SECOND);
  assert.ok(store.get().view.fromUs < 30 * SECOND && store.get().view.toUs > 37 * SECOND);
});
