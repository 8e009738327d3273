// The light of a channel as lines, and what pixels show of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createScale } from "../../../src/preview/page/timeline/scale.js";
import { laneShapes, lightSegments } from "../../../src/preview/page/timeline/segments.js";
import { levelAt } from "../../../src/preview/page/track.js";
import { chance, SECOND } from "./timeline_shows.mjs";

function randomChannel(random, lengthUs) {
  const light = [];
  let us = random() < 0.5 ? 0 : Math.floor(random() * SECOND);
  while (us < lengthUs) {
    const level = () => Math.floor(random() * 10_001);
    if (random() < 0.5) {
      light.push([us, level()]);
    } else {
      const over = 1 + Math.floor(random() * 3 * SECOND);
      const easing = ["linear", "in", "out", "in-out"][Math.floor(random() * 4)];
      // A fade may have begun while another light covered it.
      light.push([us, Math.max(0, us - Math.floor(random() * over)), over, level(), level(), easing]);
    }
    us += 1 + Math.floor(random() * 2 * SECOND);
  }
  return { name: "x", kind: "pwm", dims: true, lead_us: random() < 0.5 ? 0 : Math.floor(random() * 50_000), light };
}

test("lines follow one another from the beginning to the end, and meet the light", () => {
  const random = chance(5);
  for (let round = 0; round < 60; round += 1) {
    const lengthUs = 20 * SECOND;
    const channel = randomChannel(random, lengthUs);
    const segments = lightSegments(channel, lengthUs);
    assert.equal(segments[0].startUs, 0);
    assert.equal(segments[segments.length - 1].endUs, lengthUs);
    segments.forEach((segment, index) => {
      assert.ok(segment.endUs > segment.startUs);
      if (index > 0) assert.equal(segment.startUs, segments[index - 1].endUs);
      assert.equal(segment.from, levelAt(channel, segment.startUs), "the level at the beginning of a line");
      // A curve lies within a hundredth of its chords; a stair of a fade within one stair.
      const middle = Math.floor((segment.startUs + segment.endUs) / 2);
      const drawn = (segment.from + segment.to) / 2;
      const stair = (Math.abs(segment.from - segment.to) * 6_000) / (segment.endUs - segment.startUs);
      assert.ok(Math.abs(levelAt(channel, middle) - drawn) <= 120 + stair, `${levelAt(channel, middle)} and ${drawn}`);
    });
  }
});

test("a channel without light is one dark line", () => {
  const channel = { light: [], lead_us: 0 };
  assert.deepEqual(lightSegments(channel, 5), [{ startUs: 0, endUs: 5, from: 0, to: 0 }]);
});

test("a light is drawn when it comes and not when its signal is sent", () => {
  const channel = { light: [[0, 0], [4 * SECOND, 10_000]], lead_us: 8_000 };
  assert.equal(lightSegments(channel, 9 * SECOND)[1].startUs, 4 * SECOND + 8_000);
});

test("no flash is lost, however far the view is", () => {
  const light = [];
  for (let index = 0; index < 2_000; index += 1) light.push([index * 100_000, index === 777 ? 9_000 : index % 2 === 0 ? 0 : 500]);
  const segments = lightSegments({ light, lead_us: 0 }, 200 * SECOND);
  for (const width of [50, 333, 1_000, 40_000]) {
    const shapes = laneShapes(segments, createScale({ fromUs: 0, toUs: 200 * SECOND }, width));
    assert.equal(Math.max(...shapes.map((shape) => shape.high)), 9_000, `${width}`);
  }
});

test("a far view has no more shapes than it has pixels, and its mean is that of the light", () => {
  const random = chance(9);
  const light = [];
  for (let index = 0; index < 20_000; index += 1) light.push([index * 10_000, Math.floor(random() * 10_001)]);
  const segments = lightSegments({ light, lead_us: 0 }, 200 * SECOND);
  const shapes = laneShapes(segments, createScale({ fromUs: 0, toUs: 200 * SECOND }, 700));
  assert.ok(shapes.length <= 701, `${shapes.length}`);
  const area = (shape) => ((shape.from + shape.to) / 2) * (shape.x1 - shape.x0);
  const mean = shapes.reduce((sum, shape) => sum + area(shape), 0) / 700;
  const real = light.reduce((sum, piece) => sum + piece[1], 0) / light.length;
  assert.ok(Math.abs(mean - real) < 1, `${mean} and ${real}`);
});

test("shapes lie in the view, in order, and cover it without a gap", () => {
  const random = chance(21);
  const channel = randomChannel(random, 60 * SECOND);
  const segments = lightSegments(channel, 60 * SECOND);
  for (let round = 0; round < 300; round += 1) {
    const fromUs = Math.floor(random() * 50 * SECOND);
    const scale = createScale({ fromUs, toUs: fromUs + 100_000 + Math.floor(random() * 9 * SECOND) }, 500);
    const shapes = laneShapes(segments, scale);
    assert.ok(Math.abs(shapes[0].x0) < 1e-6);
    assert.ok(Math.abs(shapes[shapes.length - 1].x1 - 500) < 1e-6);
    shapes.slice(1).forEach((shape, index) => assert.ok(Math.abs(shape.x0 - shapes[index].x1) < 1e-6));
  }
});
