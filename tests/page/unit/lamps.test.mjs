// The looks, groups and places of lamps.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  LAMP_COLOUR,
  LAMP_COLOURS,
  lampColour,
  luminanceOf,
  nextLampColour,
  shareOnScreen,
} from "../../../src/preview/page/lamp_colour.js";
import { groupsToShow, tileSize } from "../../../src/preview/page/lamp_groups.js";
import { keptPlace, lampPlaces, layoutText, movedPlace, resizedPlace } from "../../../src/preview/page/lamp_place.js";
import { seeded } from "./fake_audio.mjs";

test("a level looks as bright as the eye expects: CIE 1931", () => {
  assert.equal(luminanceOf(0), 0);
  assert.ok(Math.abs(luminanceOf(10_000) - 1) < 1e-12);
  assert.ok(Math.abs(luminanceOf(5_000) - 0.184_187) < 1e-6);
  assert.ok(Math.abs(luminanceOf(800) - 0.008_856) < 1e-6);
  // An sRGB grey of 46.6 % has 18.4 % of the light of white.
  assert.ok(Math.abs(shareOnScreen(5_000) - 0.4663) < 1e-3);
});

test("more level is never less light on the screen, and no light is none", () => {
  assert.equal(shareOnScreen(0), 0);
  let before = 0;
  for (let level = 1; level <= 10_000; level += 1) {
    const share = shareOnScreen(level);
    assert.ok(share > before && share <= 1 + 1e-9);
    before = share;
  }
});

test("a colour that is none is warm white", () => {
  for (const none of [undefined, null, 7, "", "red", "#fff", "#ggffaa", "url(x)", "#ffd9a0; x"]) {
    assert.equal(lampColour(none), LAMP_COLOUR);
  }
  assert.equal(lampColour("#FF00aa"), "#ff00aa");
});

test("the key for the colour comes round in both directions", () => {
  for (const step of [1, -1]) {
    const seen = new Set();
    let colour = "#123456"; // none of the list: it begins at its first
    for (let press = 0; press < LAMP_COLOURS.length; press += 1) seen.add((colour = nextLampColour(colour, step)));
    assert.equal(seen.size, LAMP_COLOURS.length);
  }
  assert.equal(nextLampColour(nextLampColour(LAMP_COLOUR, 1), -1), LAMP_COLOUR);
});

const show = (channels, groups) => ({
  channels: channels.map((name) => ({ name })),
  groups: groups.map(([name, of]) => ({ name, channels: of })),
});

test("every lamp stands in its smallest group, once", () => {
  const shown = groupsToShow(
    show(
      ["a", "b", "c", "d", "e"],
      [
        ["all", [0, 1, 2, 3]],
        ["pair", [2, 1]],
        ["twin", [1, 2]],
      ],
    ),
  );
  assert.deepEqual(shown, [
    { name: "all", channels: [0, 3] },
    { name: "pair", channels: [2, 1] },
    { name: null, channels: [4] },
  ]);
  assert.deepEqual(groupsToShow(show(["a"], [])), [{ name: null, channels: [0] }]);
  assert.deepEqual(groupsToShow(show([], [["empty", []]])), []);
});

test("no channel is lost or doubled in any rig", () => {
  const random = seeded(5);
  for (let round = 0; round < 300; round += 1) {
    const count = Math.floor(random() * 20);
    const groups = Array.from({ length: Math.floor(random() * 6) }, (_, index) => [
      `g${index}`,
      Array.from({ length: Math.floor(random() * 8) }, () => Math.floor(random() * count)).filter(() => count > 0),
    ]);
    const shown = groupsToShow(
      show(
        Array.from({ length: count }, (_, index) => `c${index}`),
        groups,
      ),
    );
    const all = shown.flatMap((group) => group.channels).sort((a, b) => a - b);
    assert.deepEqual(
      all,
      Array.from({ length: count }, (_, index) => index),
    );
    for (const group of shown) {
      const of = groups.find(([name]) => name === group.name)?.[1];
      assert.ok(group.name === null || group.channels.every((channel) => of.includes(channel)));
    }
  }
});

test("lamps are as large as they can be, and never too small for a finger", () => {
  const groups = (count) => [{ name: null, channels: Array.from({ length: count }, (_, index) => index) }];
  let before = Infinity;
  for (const count of [1, 4, 12, 40, 150, 512]) {
    const size = tileSize(900, 400, groups(count), false);
    assert.ok(size <= before && size >= 44, `${count} lamps: ${size}`);
    before = size;
  }
  assert.equal(tileSize(900, 400, groups(1), false), 190);
  assert.ok(tileSize(1_800, 800, groups(40), false) > tileSize(900, 400, groups(40), false));
});

const places = (layout, names = ["a", "b", "c"]) => lampPlaces(show(names, []), { lamps: layout });

test("a lamp without a place has a spot of its own, which stays when another is placed", () => {
  const before = places({});
  assert.equal(new Set(before.map(({ x, y }) => `${x} ${y}`)).size, 3);
  const after = places({ b: { x: 10, y: 20, size: 6, colour: "#00ff00" } });
  assert.deepEqual([after[0], after[2]], [before[0], before[2]]);
  assert.deepEqual(after[1], { isPlaced: true, x: 10, y: 20, size: 6, colour: "#00ff00" });
  const many = lampPlaces(
    show(
      Array.from({ length: 512 }, (_, index) => `c${index}`),
      [],
    ),
    { lamps: {} },
  );
  assert.equal(new Set(many.map(({ x, y }) => `${x} ${y}`)).size, 512);
  assert.ok(many.every(({ x, y }) => x >= 0 && x <= 100 && y >= 0 && y <= 100));
});

test("a layout with nonsense in it hangs no lamp outside the picture", () => {
  const [a, b, c] = places({
    a: { x: -50, y: 900, size: 1e9, colour: "javascript:1" },
    b: { x: "7", y: null },
    constructor: {},
  });
  assert.deepEqual(a, { isPlaced: true, x: 0, y: 100, size: 100, colour: LAMP_COLOUR });
  assert.equal(b.isPlaced, false);
  assert.equal(c.isPlaced, false);
  assert.equal(places({}, ["constructor"])[0].isPlaced, false);
});

test("moves and sizes are in tenths and stop at the edges", () => {
  const [a] = places({ a: { x: 10, y: 99.9, size: 4 } });
  assert.deepEqual([movedPlace(a, 0.123, 5).x, movedPlace(a, 0.123, 5).y], [10.1, 100]);
  assert.equal(resizedPlace(a, -100).size, 0.1);
  assert.equal(resizedPlace(a, 0.5).size, 4.5);
});

test("of a lamp that nobody placed only its colour is kept", () => {
  const [a, b] = places({ a: { x: 1, y: 2 } });
  assert.deepEqual(keptPlace(a), { x: 1, y: 2, size: 4, colour: LAMP_COLOUR });
  assert.deepEqual(keptPlace(b), { colour: LAMP_COLOUR });
});

test("the text to copy is layout.toml", () => {
  const lamps = {
    neon: { x: 41.5, y: 20, size: 4, colour: "#ffd9a0" },
    "a-b_1": { colour: "#ff0000" },
    'odd "name"': { x: 1, y: 2 },
  };
  assert.equal(
    layoutText({ lamps }),
    '[lamps]\nneon = { x = 41.5, y = 20.0, size = 4.0, colour = "#ffd9a0" }\na-b_1 = { colour = "#ff0000" }\n"odd \\"name\\"" = { x = 1.0, y = 2.0 }\n',
  );
});
