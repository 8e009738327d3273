// The light of a channel, against the program's formula in whole numbers without limit.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { rampLevelAt } from "../../../src/preview/page/ramp.js";
import { countBegun, levelAt } from "../../../src/preview/page/track.js";
import { seeded } from "./fake_audio.mjs";

// `timeline/ramp.rs` and `easing.rs`, word for word.
function exactLevel(start, over, from, to, easing, us) {
  if (us >= start + over) return to;
  const difference = Math.abs(from - to);
  const step = BigInt(Math.max(Math.floor(over / Math.max(difference, 1)), 5_000));
  const index = BigInt(Math.max(0, us - start)) / step;
  const t = ((index * step) << 32n) / BigInt(Math.max(over, 1));
  const square = (t * t) >> 32n;
  const eased = {
    linear: t,
    in: square,
    out: 2n * t - square,
    "in-out": 3n * square - ((2n * square * t) >> 32n),
  }[easing];
  const moved = Number((BigInt(difference) * eased + (1n << 31n)) >> 32n);
  return to >= from ? from + moved : from - moved;
}

const EASINGS = ["linear", "in", "out", "in-out"];

test("a fade has the program's level to the hundredth, at any time, of any length up to a day", () => {
  const random = seeded(7);
  const upTo = (limit) => Math.floor(random() * (limit + 1));
  for (let round = 0; round < 40_000; round += 1) {
    const over = upTo(10 ** (1 + upTo(9))) + upTo(3);
    const [start, from, to] = [upTo(86_400_000_000), upTo(10_000), upTo(10_000)];
    const easing = EASINGS[upTo(3)];
    const us = start + upTo(over + 10) - 5;
    const said = rampLevelAt(start, over, from, to, easing, us);
    assert.equal(said, exactLevel(start, over, from, to, easing, us), `${[start, over, from, to, easing, us]}`);
  }
  const day = 86_400_000_000;
  for (const easing of EASINGS) {
    for (const us of [0, 1, day / 3, day / 2, day - 1, day]) {
      assert.equal(rampLevelAt(0, day, 0, 10_000, easing, us), exactLevel(0, day, 0, 10_000, easing, us));
    }
  }
});

test("a fade of no time has arrived", () => {
  assert.equal(rampLevelAt(5, 0, 0, 7_000, "linear", 5), 7_000);
  assert.equal(rampLevelAt(5, 0, 0, 7_000, "linear", 4), 0);
});

const CHANNEL = {
  lead_us: 0,
  light: [
    [1_000_000, 10_000],
    [2_000_000, 0, 10_000_000, 0, 10_000, "linear"],
    [4_000_000, 2_500],
  ],
};

test("a channel is dark before its first piece, and each piece lasts until the next", () => {
  const levels = [0, 999_999, 1_000_000, 1_999_999, 2_000_000, 3_000_000, 4_000_000, 9e9].map((us) =>
    levelAt(CHANNEL, us),
  );
  assert.deepEqual(levels, [0, 0, 10_000, 10_000, 2_000, 3_000, 2_500, 2_500]);
  assert.equal(levelAt({ lead_us: 0, light: [] }, 5), 0);
});

test("a light is seen when it comes and not when its signal is sent", () => {
  const slow = {
    lead_us: 8_000,
    light: [
      [0, 10_000],
      [992_000, 0],
    ],
  };
  assert.deepEqual(
    [0, 7_999, 999_999, 1_000_000].map((us) => levelAt(slow, us)),
    [10_000, 10_000, 10_000, 0],
  );
});

test("a position between two microseconds shows the earlier", () => {
  assert.equal(levelAt(CHANNEL, 999_999.9), 0);
});

test("what has begun is counted as a walk through the list would", () => {
  const random = seeded(3);
  for (let round = 0; round < 500; round += 1) {
    const items = Array.from({ length: Math.floor(random() * 20) }, () => Math.floor(random() * 10)).sort(
      (a, b) => a - b,
    );
    const us = Math.floor(random() * 12) - 1;
    assert.equal(
      countBegun(items, us, (item) => item),
      items.filter((item) => item <= us).length,
    );
  }
});

// Written by the program itself: the compiled show `starcourt`, and rows of [channel, us, level] at random times.
test("levels that the program computed are the levels of the page", () => {
  const { channels, levels } = JSON.parse(readFileSync(new URL("../data/levels.json", import.meta.url)));
  assert.ok(levels.length >= 2_000);
  for (const [channel, us, level] of levels) {
    assert.equal(levelAt(channels[channel], us), level, `${channels[channel].name} at ${us} us`);
  }
});
