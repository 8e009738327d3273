// The text with mistakes while the last good show plays on: its lines are found again, and it comes back when they are mended.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placesInText, stateWithMistakes } from "../../../src/preview/page/saved_text.js";
import { emptyState } from "../../../src/preview/page/store.js";
import { seeded } from "./fake_audio.mjs";
import { smallShow } from "./timeline_shows.mjs";

test("a line is found where it stands now, or nowhere", () => {
  assert.deepEqual(placesInText(["a", "b", "c"], ["a", "b", "c"]), [1, 2, 3]);
  assert.deepEqual(placesInText(["a", "b", "c"], ["x", "a", "", "b", "c"]), [2, 4, 5]);
  assert.deepEqual(placesInText(["a", "b", "c"], ["a", "B", "c"]), [1, null, 3]);
  assert.deepEqual(placesInText(["a", "b", "c", "d"], ["a", "c", "x", "d"]), [1, null, 2, 4]);
  assert.deepEqual(placesInText(["a", "a"], ["a"]), [1, null]);
  assert.deepEqual(placesInText(["a"], []), [null]);
  assert.deepEqual(placesInText([], ["a"]), []);
});

test("after any change, each line is found at the same text, in order, and no fewer than were left alone", () => {
  const random = seeded(7);
  const below = (count) => Math.floor(random() * count);
  for (let round = 0; round < 2_000; round += 1) {
    const before = Array.from({ length: below(20) }, () => "abcdefg"[below(7)]);
    const kept = before.filter(() => random() < 0.7);
    const after = kept.flatMap((line) => (random() < 0.3 ? ["abcdefgxyz"[below(10)], line] : [line]));
    const places = placesInText(before, after);
    assert.equal(places.length, before.length);
    const found = places.filter((place) => place !== null);
    assert.ok(found.length >= kept.length, `${before} to ${after}: ${places}`);
    assert.deepEqual(found, [...new Set(found)].sort((one, other) => one - other));
    places.forEach((place, index) => place === null || assert.equal(after[place - 1], before[index]));
  }
});

test("a text that is another one altogether is not searched for hours", () => {
  const text = (mark) => Array.from({ length: 20_000 }, (_, index) => `${mark}${index}`);
  assert.ok(placesInText(text("a"), text("b")).every((place) => place === null));
});

test("the show has the saved text while there are mistakes, and its own again after them", () => {
  const good = smallShow();
  const lines = ["# new", ...good.lines.slice(0, 3), ...good.lines.slice(4)];
  const state = { ...emptyState(), show: good, selected: { channel: 0, line: 2 } };
  const wrong = { ...state, ...stateWithMistakes(state, { text: "", told: [], lines }) };
  assert.equal(wrong.show.lines, lines);
  assert.deepEqual(wrong.selected, { channel: 0, line: 3 });
  assert.deepEqual(
    wrong.show.cues.map((cue) => cue.line),
    good.cues.map(({ line }) => (line < 4 ? line + 1 : line === 4 ? null : line)),
  );
  assert.deepEqual(wrong.show.cues.map((cue) => cue.start_us), good.cues.map((cue) => cue.start_us));

  const worse = { ...wrong, ...stateWithMistakes(wrong, { text: "", told: [], lines: ["?", ...lines] }) };
  assert.deepEqual(worse.selected, { channel: 0, line: 4 });
  assert.equal(worse.show.lastGood, good);

  const mended = { ...worse, ...stateWithMistakes(worse, null) };
  assert.equal(mended.show, good);
  assert.deepEqual(mended.selected, { channel: 0, line: 2 });
});

test("mistakes in another file leave the text as it is", () => {
  const state = { ...emptyState(), show: smallShow() };
  const mistakes = { text: "", told: [], lines: null };
  assert.deepEqual(stateWithMistakes(state, mistakes), { mistakes });
  assert.deepEqual(stateWithMistakes(emptyState(), { ...mistakes, lines: ["a"] }), { mistakes: { ...mistakes, lines: ["a"] } });
});
