// Follows the program that serves the page: a saved show, mistakes, mended ones, another layout.

import { announce, NOTICES } from "./status.js";

// `source` is where shows come from; `take(show)` is called with each new one.
export function followProgram(source, store, take) {
  let asked = 0;

  // Of two answers under way, the one asked for last counts.
  async function loadAgain() {
    asked += 1;
    const mine = asked;
    const show = await source.loadShow().catch((error) => mine === asked && announce(store, error.message));
    if (mine === asked && show?.format !== undefined) take(show);
  }

  const events = new EventSource("events");
  let wasLost = false;
  events.addEventListener("open", () => {
    if (!wasLost) return;
    wasLost = false;
    if (store.get().notice === NOTICES.lost) announce(store, null);
    loadAgain();
  });
  events.addEventListener("error", () => {
    wasLost = true;
    announce(store, NOTICES.lost);
  });
  events.addEventListener("show", () => {
    store.set({ mistakes: null });
    loadAgain();
  });
  events.addEventListener("layout", loadAgain);
  events.addEventListener("mistakes", ({ data }) => store.set({ mistakes: JSON.parse(data) }));
  events.addEventListener("mended", () => store.set({ mistakes: null }));
  return loadAgain;
}
