// The state of the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createStore, emptyState } from "../../../src/preview/page/store.js";

test("a listener hears of its keys only, and only of what differs", () => {
  const store = createStore({ a: 1, b: 2 });
  const heard = [];
  store.on(["a"], (state) => heard.push(state.a));
  store.set({ a: 1 });
  store.set({ b: 3 });
  store.set({ a: 5, b: 4 });
  assert.deepEqual(heard, [5]);
  assert.deepEqual(store.get(), { a: 5, b: 4 });
});

test("a listener that makes a change is no reason to miss one or to hear it twice", () => {
  const store = createStore({ a: 0, b: 0 });
  const order = [];
  store.on(["a"], (state) => {
    order.push(`a${state.a}`);
    if (state.a < 3) store.set({ a: state.a + 1, b: state.a });
  });
  store.on(["a", "b"], (state) => order.push(`seen${state.a}`));
  store.set({ a: 1 });
  assert.deepEqual(order, ["a1", "seen2", "a2", "seen3", "a3", "seen3"]);
});

test("a listener that ends hears no more", () => {
  const store = createStore({ a: 0 });
  let heard = 0;
  const end = store.on(["a"], () => (heard += 1));
  store.set({ a: 1 });
  end();
  end();
  store.set({ a: 2 });
  assert.equal(heard, 1);
});

test("a key that does not exist is refused and changes nothing", () => {
  const store = createStore(emptyState());
  assert.throws(() => store.set({ playing: true, posision: 1 }), /posision/);
  assert.equal(store.get().playing, false);
});

test("a listener that fails does not stop later changes", () => {
  const store = createStore({ a: 0 });
  const heard = [];
  store.on(["a"], (state) => {
    if (state.a === 1) throw new Error("broken");
    heard.push(state.a);
  });
  assert.throws(() => store.set({ a: 1 }), /broken/);
  store.set({ a: 2 });
  assert.deepEqual(heard, [2]);
});
