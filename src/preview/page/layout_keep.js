// Keeps the places of lamps: by the program in `layout.toml`, or as text to copy where there is no program.

import { keptPlace, lampPlaces } from "./lamp_place.js";
import { putLayout } from "./source.js";
import { createNoticeOf } from "./status.js";

const REST_MS = 400; // after the last of several quick changes

// `change(index, place)` shows a place at once and keeps it after a short rest; `finish()` keeps it now.
export function createLayoutKeeper(store, isServed) {
  const tell = createNoticeOf(store);
  const waiting = new Map();
  let timer = null;
  let sending = Promise.resolve();

  function change(index, place) {
    const { show, layout } = store.get();
    const name = show.channels[index].name;
    const kept = keptPlace(place);
    waiting.set(name, kept);
    store.set({ layout: { ...layout, lamps: { ...layout.lamps, [name]: kept } } });
    clearTimeout(timer);
    timer = setTimeout(finish, REST_MS);
  }

  // One after another, so that the last change is the one that stays.
  function finish() {
    clearTimeout(timer);
    if (waiting.size === 0 || !isServed) return;
    const lamps = Object.fromEntries(waiting);
    waiting.clear();
    sending = sending
      .then(() => putLayout(lamps))
      .then(() => tell(null))
      .catch((error) => tell(`The layout is not kept: ${error.message}`));
  }

  return {
    change,
    finish,
    placeOf: (index) => lampPlaces(store.get().show, store.get().layout)[index],
    // A layout from the program, under what is not kept yet.
    merged: (layout) => ({ ...layout, lamps: { ...layout.lamps, ...Object.fromEntries(waiting) } }),
  };
}
