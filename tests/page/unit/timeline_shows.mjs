// Small shows for the tests of the timeline, and numbers that look like chance and are the same every time.

import { createStore } from "../../../src/preview/page/store.js";

export const SECOND = 1_000_000;

// Beats of half a second in bars of four, the first at `firstUs`.
export function evenBeats(count, firstUs = 0) {
  return Array.from({ length: count }, (_, index) => [firstUs + (index * SECOND) / 2, 1 + (index >> 2), 1 + (index % 4)]);
}

export function smallShow(changes = {}) {
  return {
    name: "porch",
    length_us: 60 * SECOND,
    channels: ["neon", "stars", "stage"].map((name, index) => ({
      name,
      kind: index === 0 ? "relay" : "pwm",
      dims: index > 0,
      lead_us: 0,
      groups: [],
      light: [[index * SECOND, 10_000], [(index + 20) * SECOND, 0]],
    })),
    beats: evenBeats(120),
    sections: [],
    headings: [],
    lines: ["title Porch", "length 1:00", "", "1.1 neon on", "3.1 stars on", "# nothing", "5.1 stage, neon on"],
    cues: [
      { line: 4, start_us: 0, end_us: 20 * SECOND, channels: [0] },
      { line: 5, start_us: SECOND, end_us: 21 * SECOND, channels: [1] },
      { line: 7, start_us: 2 * SECOND, end_us: 3 * SECOND, channels: [2, 0] },
      { line: 7, start_us: 30 * SECOND, end_us: 31 * SECOND, channels: [2, 0] },
    ],
    told: [],
    rules: [],
    sound: null,
    layout: { photo: null, lamps: {} },
    ...changes,
  };
}

export function storeWith(show, changes = {}) {
  return createStore({
    show,
    playing: false,
    positionUs: 0,
    speed: 1,
    loop: null,
    selected: { channel: null, line: null },
    view: { fromUs: 0, toUs: show.length_us },
    mistakes: null,
    layout: show.layout,
    edit: false,
    ...changes,
  });
}

// A generator of numbers from 0 up to, but not including, 1.
export function chance(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
