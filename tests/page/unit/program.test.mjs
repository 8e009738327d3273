// The page and the program that serves it: what is sent, and what is taken from answers and events.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createLayoutKeeper } from "../../../src/preview/page/layout_keep.js";
import { followProgram } from "../../../src/preview/page/live.js";
import { NOTICES } from "../../../src/preview/page/status.js";
import { createStore, emptyState } from "../../../src/preview/page/store.js";

const SHOW = { format: 1, edition: 1, channels: [{ name: "a" }, { name: "b" }], layout: { photo: null, lamps: {} } };
const newStore = () => createStore({ ...emptyState(), show: SHOW });
const settled = () => new Promise((done) => setTimeout(done, 5));

class FakeEvents {
  static last = null;
  constructor(address) {
    this.address = address;
    this.listeners = {};
    FakeEvents.last = this;
  }
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }
  tell(name, data) {
    this.listeners[name]({ data: JSON.stringify(data) });
  }
}

let puts = [];
let answer = () => ({ ok: true });
beforeEach(() => {
  puts = [];
  answer = () => ({ ok: true });
  globalThis.EventSource = FakeEvents;
  globalThis.fetch = async (address, { method, body }) => {
    puts.push([address, method, JSON.parse(body).lamps]);
    return answer();
  };
});

const place = (x) => ({ isPlaced: true, x, y: 2, size: 4, colour: "#ffd9a0" });
const kept = (x) => ({ x, y: 2, size: 4, colour: "#ffd9a0" });

test("quick changes are shown at once and sent together, only the lamps that changed", async () => {
  const store = newStore();
  const keeper = createLayoutKeeper(store, true);
  for (const x of [1, 2, 3]) keeper.change(1, place(x));
  assert.deepEqual(store.get().layout.lamps, { b: kept(3) });
  assert.equal(keeper.placeOf(1).x, 3);
  assert.deepEqual(puts, []);
  keeper.finish();
  keeper.finish();
  await settled();
  assert.deepEqual(puts, [["layout", "PUT", { b: kept(3) }]]);
});

test("what is not kept yet stays over a layout that the program sends", async () => {
  const keeper = createLayoutKeeper(newStore(), true);
  keeper.change(0, place(9));
  assert.deepEqual(keeper.merged({ photo: "photo", lamps: { a: kept(1), b: kept(5) } }), {
    photo: "photo",
    lamps: { a: kept(9), b: kept(5) },
  });
  keeper.finish();
  await settled();
  assert.deepEqual(keeper.merged({ photo: null, lamps: {} }).lamps, {});
});

test("changes are sent one after another", async () => {
  const store = newStore();
  const keeper = createLayoutKeeper(store, true);
  let release;
  answer = () => new Promise((done) => (release = done));
  keeper.change(0, place(1));
  keeper.finish();
  await settled();
  keeper.change(0, place(2));
  keeper.finish();
  await settled();
  assert.equal(puts.length, 1, "the second waits for the first");
  answer = () => ({ ok: true });
  release({ ok: false, status: 400, text: async () => "layout.toml has mistakes\n" });
  await settled();
  assert.deepEqual(puts.at(-1)[2], { a: kept(2) });
  assert.equal(store.get().notice, null, "the second is kept, so the notice of the first is gone");
});

test("a refusal is told in the program's words, and another part's notice stays", async () => {
  const store = newStore();
  const keeper = createLayoutKeeper(store, true);
  answer = () => ({ ok: false, status: 400, text: async () => "layout.toml has mistakes\n" });
  keeper.change(0, place(1));
  keeper.finish();
  await settled();
  assert.equal(store.get().notice, "The layout is not kept: layout.toml has mistakes");
  store.set({ notice: NOTICES.lost });
  answer = () => ({ ok: true });
  keeper.change(0, place(2));
  keeper.finish();
  await settled();
  assert.equal(store.get().notice, NOTICES.lost);
});

test("an exported page sends nothing", async () => {
  const keeper = createLayoutKeeper(newStore(), false);
  keeper.change(0, place(1));
  keeper.finish();
  await settled();
  assert.deepEqual(puts, []);
});

function follow(answers) {
  const store = newStore();
  const taken = [];
  const loadShow = () => answers.shift();
  followProgram(
    { loadShow },
    store,
    (show) => taken.push(["show", show.edition]),
    (layout) => taken.push(["layout", layout.photo]),
  );
  return { store, taken, events: FakeEvents.last };
}

const edition = (number) => Promise.resolve({ ...SHOW, edition: number, layout: { photo: `p${number}`, lamps: {} } });

test("a saved show is taken whole, a layout alone", async () => {
  const { taken, events } = follow([edition(2), edition(3)]);
  assert.equal(events.address, "events");
  events.tell("show", { edition: 2 });
  await settled();
  events.tell("layout", { edition: 3 });
  await settled();
  assert.deepEqual(taken, [
    ["show", 2],
    ["layout", "p3"],
  ]);
});

test("the edition that the page has already is not loaded again", async () => {
  const { taken, events } = follow([edition(1)]);
  events.tell("show", { edition: 1 });
  await settled();
  assert.deepEqual(taken, []);
});

test("of two answers under way the last one counts, and a show among them is taken whole", async () => {
  let release;
  const slow = new Promise((done) => (release = done));
  const { taken, events } = follow([slow, edition(3)]);
  events.tell("show", { edition: 2 });
  events.tell("layout", { edition: 3 });
  await settled();
  release({ ...SHOW, edition: 2 });
  await settled();
  assert.deepEqual(taken, [["show", 3]]);
});

test("mistakes come and go, and a show without any ends them", async () => {
  const { store, events } = follow([edition(2)]);
  events.tell("mistakes", { text: "error", told: [] });
  assert.deepEqual(store.get().mistakes, { text: "error", told: [] });
  events.tell("mended", {});
  assert.equal(store.get().mistakes, null);
  events.tell("mistakes", { text: "error", told: [] });
  events.tell("show", { edition: 2 });
  assert.equal(store.get().mistakes, null);
});

test("a lost program is told, and when it is back its show is taken", async () => {
  const { store, taken, events } = follow([edition(7)]);
  events.tell("open");
  await settled();
  assert.deepEqual(taken, [], "the first connection brings nothing new");
  events.tell("error");
  assert.equal(store.get().notice, NOTICES.lost);
  events.tell("open");
  await settled();
  assert.equal(store.get().notice, null);
  assert.deepEqual(taken, [["show", 7]]);
});

test("an answer that fails is told, and the show stays", async () => {
  const { store, taken, events } = follow([Promise.reject(new Error("The program answered 500."))]);
  events.tell("show", { edition: 2 });
  await settled();
  assert.deepEqual(taken, []);
  assert.equal(store.get().notice, "The program answered 500.");
});
