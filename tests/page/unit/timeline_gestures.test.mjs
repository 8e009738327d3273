// Pointer, wheel and touch on the timeline, with canvases that only hear events.

import assert from "node:assert/strict";
import { test } from "node:test";

import { attachGestures } from "../../../src/preview/page/timeline/gestures.js";
import { headRows } from "../../../src/preview/page/timeline/head.js";
import { createScale } from "../../../src/preview/page/timeline/scale.js";
import { timelineView } from "../../../src/preview/page/timeline/view.js";
import { chance, SECOND, smallShow, storeWith } from "./timeline_shows.mjs";

const WIDTH = 600;

class FakeCanvas extends EventTarget {
  getBoundingClientRect() {
    return { left: 50, top: 100 };
  }
  setPointerCapture() {}
  send(type, x, y, more = {}) {
    const event = new Event(type, { cancelable: true });
    Object.assign(event, { clientX: x + 50, clientY: y + 100, button: 0, pointerId: 1, deltaX: 0, deltaY: 0, deltaMode: 0, ...more });
    this.dispatchEvent(event);
    return event;
  }
  drag(from, to, y) {
    this.send("pointerdown", from, y);
    for (let step = 1; step <= 4; step += 1) this.send("pointermove", from + ((to - from) * step) / 4, y);
    this.send("pointerup", to, y);
  }
}

function stageOf(show = smallShow()) {
  const store = storeWith(show);
  const [head, lanes, seeks] = [new FakeCanvas(), new FakeCanvas(), []];
  const rows = headRows(show, 500);
  const geometry = () => ({ scale: createScale(timelineView(store), WIDTH), rows, laneHeight: 30, scrollTop: 0 });
  attachGestures({ head, lanes }, store, geometry, (us) => seeks.push(us));
  return { store, head, lanes, seeks, rows };
}

test("a click on the ruler seeks, a drag on it makes a loop from bar to bar", () => {
  const { store, head, seeks } = stageOf();
  head.drag(300, 301, 5);
  assert.deepEqual(seeks, [30_100_000]);
  assert.equal(store.get().loop, null);
  head.drag(101, 182, 5);
  assert.deepEqual(store.get().loop, { fromUs: 10 * SECOND, toUs: 18 * SECOND });
  assert.equal(seeks.length, 1, "a loop does not move the playhead");
  head.drag(181, 240, 5);
  assert.deepEqual(store.get().loop, { fromUs: 10 * SECOND, toUs: 24 * SECOND }, "its end was dragged");
  head.send("dblclick", 400, 5);
  assert.equal(store.get().loop, null);
});

test("a drag elsewhere scrubs and stays in the show; it chooses nothing", () => {
  const { store, lanes, seeks } = stageOf();
  lanes.drag(300, 900, 20);
  assert.equal(seeks.at(-1), 60 * SECOND);
  lanes.drag(300, -200, 20);
  assert.equal(seeks.at(-1), 0);
  assert.deepEqual(store.get().selected, { channel: null, line: null });
  assert.equal(store.get().loop, null);
  store.set({ view: { fromUs: 10 * SECOND, toUs: 20 * SECOND } });
  lanes.drag(300, 900, 20);
  assert.ok(seeks.at(-1) < 20 * SECOND, "a scrub does not leave the view");
});

test("a click on a lane chooses it with the line behind that moment, and does not seek", () => {
  const { store, lanes, seeks } = stageOf();
  lanes.drag(25, 26, 10);
  assert.deepEqual(store.get().selected, { channel: 0, line: 7 });
  lanes.drag(25, 25, 400);
  assert.deepEqual(store.get().selected, { channel: 0, line: 7 }, "below the last lane is nothing");
  assert.deepEqual(seeks, []);
});

test("a click on a section seeks and chooses the line that plays it; one on a warning its line", () => {
  const sections = [{ name: "tune", start_us: 10 * SECOND, end_us: 20 * SECOND, line: 5 }];
  const told = [{ line: 7, severity: "warning", title: "t", file: "porch.show", start_us: 40 * SECOND }];
  const { store, head, seeks, rows } = stageOf(smallShow({ sections, told }));
  head.drag(150, 150, rows.sections.top + 3);
  assert.equal(store.get().selected.line, 5);
  assert.deepEqual(seeks, [15 * SECOND]);
  head.drag(403, 403, rows.notes.top + 3);
  assert.equal(store.get().selected.line, 7);
  assert.equal(seeks.length, 1);
});

test("the wheel zooms round the pointer over the head, and leaves the lanes their own scrolling", () => {
  const { store, head, lanes } = stageOf();
  assert.ok(head.send("wheel", 200, 20, { deltaY: -400 }).defaultPrevented);
  const near = store.get().view;
  assert.ok(near.toUs - near.fromUs < 40 * SECOND);
  assert.ok(Math.abs(createScale(near, WIDTH).xOf(20 * SECOND) - 200) < 0.01);
  assert.ok(!lanes.send("wheel", 200, 20, { deltaY: 100 }).defaultPrevented);
  assert.deepEqual(store.get().view, near);
  assert.ok(lanes.send("wheel", 200, 20, { deltaX: 60 }).defaultPrevented);
  assert.ok(store.get().view.fromUs > near.fromUs);
  assert.ok(lanes.send("wheel", 200, 20, { deltaY: 100, ctrlKey: true }).defaultPrevented);
});

test("two fingers zoom, and what is between them stays there", () => {
  const { store, lanes, seeks } = stageOf();
  const finger = (pointerId) => ({ pointerId });
  lanes.send("pointerdown", 200, 10, finger(1));
  lanes.send("pointerdown", 300, 10, finger(2));
  const between = 25 * SECOND;
  for (let step = 1; step <= 10; step += 1) {
    lanes.send("pointermove", 200 - 10 * step, 10, finger(1));
    lanes.send("pointermove", 300 + 10 * step, 10, finger(2));
  }
  const { view } = store.get();
  assert.ok(Math.abs(view.toUs - view.fromUs - 20 * SECOND) < 100_000, JSON.stringify(view));
  assert.ok(Math.abs(createScale(view, WIDTH).xOf(between) - 250) < 1);
  lanes.send("pointerup", 100, 10, finger(1));
  lanes.send("pointerup", 400, 10, finger(2));
  assert.deepEqual(seeks, [], "fingers that zoomed do not scrub");
  assert.deepEqual(store.get().selected, { channel: null, line: null });
});

test("whatever hands do, view and loop stay in the show", () => {
  const random = chance(31);
  const { store, head, lanes, seeks } = stageOf();
  const types = ["pointerdown", "pointermove", "pointermove", "pointerup", "pointercancel", "wheel", "dblclick"];
  for (let round = 0; round < 5_000; round += 1) {
    const canvas = random() < 0.5 ? head : lanes;
    const type = types[Math.floor(random() * types.length)];
    canvas.send(type, random() * 900 - 150, random() * 200, {
      pointerId: 1 + Math.floor(random() * 3),
      deltaX: random() * 200 - 100,
      deltaY: random() * 200 - 100,
      ctrlKey: random() < 0.3,
      shiftKey: random() < 0.3,
    });
    const { view, loop } = store.get();
    assert.ok(view.fromUs >= 0 && view.toUs <= 60 * SECOND && view.toUs - view.fromUs >= SECOND / 2, JSON.stringify(view));
    if (loop) assert.ok(loop.fromUs >= 0 && loop.fromUs < loop.toUs && loop.toUs <= 60 * SECOND, JSON.stringify(loop));
  }
  assert.ok(seeks.length > 100 && seeks.every((us) => us >= 0 && us <= 60 * SECOND));
});
