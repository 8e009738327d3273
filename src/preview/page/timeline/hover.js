// The line below the timeline: what is under the pointer; without a pointer, what is chosen.

import { isLoopEdge } from "./gestures.js";
import { headBlockAt, headRowAt } from "./head.js";
import { laneAt } from "./lanes.js";
import { notesNear } from "./marks.js";
import { laneInWords, momentInWords, noteInWords } from "./words.js";

// So near counts as under the pointer.
const NEAR_PX = 8;
const HINT = "Drag on the ruler to repeat a part. Click a lane to find its line.";

// Returns `{ say(text) }`, which tells what is chosen.
export function attachHover(surfaceOf, element, store, geometry) {
  let chosen = HINT;
  element.textContent = chosen;

  function wordsAt(area, x, y) {
    const { show } = store.get();
    const { scale, rows, laneHeight, scrollTop } = geometry();
    const us = Math.min(Math.max(scale.usAt(x), 0), show.length_us);
    if (area === "lanes") {
      const lane = laneAt(show.channels.length, laneHeight, y + scrollTop);
      return lane === null ? momentInWords(show, us) : laneInWords(show, lane, us, NEAR_PX / scale.perUs);
    }
    if (headRowAt(rows, y) === "notes") {
      const near = notesNear(show, scale, x).map((each) => noteInWords(show, each.note));
      return near.length > 0 ? near.join("; ") : momentInWords(show, us);
    }
    const block = headBlockAt(rows, show, scale, x, y);
    return block ? `${block.name} · ${momentInWords(show, us)}` : momentInWords(show, us);
  }

  for (const area of ["head", "lanes"]) {
    const canvas = surfaceOf[area];
    canvas.addEventListener("pointermove", (event) => {
      if (!store.get().show) return;
      const { left, top } = canvas.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      element.textContent = wordsAt(area, x, y);
      if (area === "head") canvas.classList.toggle("is-edge", isLoopEdge(store, geometry(), x, y));
    });
    canvas.addEventListener("pointerleave", () => {
      element.textContent = chosen;
    });
  }

  return {
    say(text) {
      chosen = text === "" ? HINT : text;
      element.textContent = chosen;
    },
  };
}
