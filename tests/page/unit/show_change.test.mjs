// A show that is loaded again, what is told about it, and what an exported page carries.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesOfBase64 } from "../../../src/preview/page/embedded.js";
import { changedState, isSameSound } from "../../../src/preview/page/show_change.js";
import { checkedShow } from "../../../src/preview/page/source.js";
import { NOTICES, statusText } from "../../../src/preview/page/status.js";
import { emptyState } from "../../../src/preview/page/store.js";

const show = (names, length_us = 10, lines = 3) => ({
  format: 1,
  length_us,
  channels: names.map((name) => ({ name })),
  lines: Array(lines).fill(""),
  sound: { address: "sound", type: "audio/ogg" },
});

test("the first show is in view as a whole", () => {
  assert.deepEqual(changedState(emptyState(), show(["a"], 90)).view, { fromUs: 0, toUs: 90 });
});

test("what was chosen stays chosen by its name, and view and loop stay inside the show", () => {
  const before = {
    ...emptyState(),
    show: show(["a", "b"]),
    selected: { channel: 1, line: 3 },
    view: { fromUs: 2, toUs: 9 },
    loop: { fromUs: 4, toUs: 8 },
  };
  const moved = changedState(before, show(["x", "b"], 6));
  assert.deepEqual(
    [moved.selected, moved.view, moved.loop],
    [
      { channel: 1, line: 3 },
      { fromUs: 2, toUs: 6 },
      { fromUs: 4, toUs: 6 },
    ],
  );
  const gone = changedState(before, show(["a"], 2, 1));
  assert.deepEqual(
    [gone.selected, gone.view, gone.loop],
    [{ channel: null, line: null }, { fromUs: 0, toUs: 2 }, null],
  );
});

test("a view of the whole show stays whole when the show grows", () => {
  const before = { ...emptyState(), show: show(["a"], 10), view: { fromUs: 0, toUs: 10 } };
  assert.deepEqual(changedState(before, show(["a"], 30)).view, { fromUs: 0, toUs: 30 });
});

test("a sound is loaded again only if it is another", () => {
  assert.equal(isSameSound(null, show([])), false);
  assert.equal(isSameSound(show(["a"]), show(["b"])), true);
  assert.equal(isSameSound(show([]), { ...show([]), sound: { ...show([]).sound, type: "audio/wav" } }), false);
  assert.equal(isSameSound({ ...show([]), sound: null }, show([])), false);
});

test("a mistake is told before a notice, and each in its number", () => {
  const told = (count) => ({ text: "", told: Array(count).fill({ severity: "error" }) });
  assert.equal(statusText({ mistakes: null, notice: null }), "");
  assert.equal(statusText({ mistakes: null, notice: NOTICES.lost }), NOTICES.lost);
  assert.match(statusText({ mistakes: told(1), notice: NOTICES.lost }), /^1 mistake in/);
  assert.match(statusText({ mistakes: told(3), notice: null }), /^3 mistakes in/);
  assert.match(statusText({ mistakes: told(0), notice: null }), /^A mistake in/);
});

test("data of another format is refused with what to do", () => {
  assert.throws(() => checkedShow({ format: 2 }), /Load the page again/);
  assert.throws(() => checkedShow(null), /Load the page again/);
  assert.equal(checkedShow({ format: 1 }).format, 1);
});

test("an embedded file has its bytes again", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.deepEqual(bytesOfBase64(Buffer.from(bytes).toString("base64")), bytes);
  assert.deepEqual(bytesOfBase64(`\n${Buffer.from("x y").toString("base64")}\n`), Uint8Array.from(Buffer.from("x y")));
});
