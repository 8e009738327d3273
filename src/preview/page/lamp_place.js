// Where lamps hang on the photograph: in percent of its width and height, as `layout.toml` has it. Pure.

import { lampColour } from "./lamp_colour.js";

export const SIZE_STEP = 0.5; // percent of the width
const [SMALLEST_SIZE, USUAL_SIZE, LARGEST_SIZE] = [0.1, 4, 100];

const clamped = (value, low, high) => Math.min(Math.max(value, low), high);
const tenths = (value) => Math.round(value * 10) / 10;

// Whether lamps hang on a picture; without one they stand in their groups.
export function hasPicture(layout) {
  return layout.photo !== null || Object.values(layout.lamps).some((lamp) => Number.isFinite(lamp.x));
}

// Place, size and colour of each channel. One without a place stands in rows along the lower edge, each at its own spot,
// so that none moves when another gets its place.
export function lampPlaces(show, layout) {
  const count = show.channels.length;
  const across = Math.max(1, Math.min(count, count > 48 ? 32 : 12));
  const rowHeight = Math.min(12, 80 / Math.ceil(count / across));
  return show.channels.map(({ name }, index) => {
    const told = Object.hasOwn(layout.lamps, name) ? layout.lamps[name] : {};
    const isPlaced = Number.isFinite(told.x) && Number.isFinite(told.y);
    return {
      isPlaced,
      x: clamped(isPlaced ? told.x : tenths(((index % across) + 0.5) * (100 / across)), 0, 100),
      y: clamped(isPlaced ? told.y : tenths(92 - Math.floor(index / across) * rowHeight), 0, 100),
      size: clamped(Number.isFinite(told.size) ? told.size : USUAL_SIZE, SMALLEST_SIZE, LARGEST_SIZE),
      colour: lampColour(told.colour),
    };
  });
}

// A place after a move by percents, in tenths.
export function movedPlace(place, byX, byY) {
  return { ...place, x: tenths(clamped(place.x + byX, 0, 100)), y: tenths(clamped(place.y + byY, 0, 100)) };
}

export function resizedPlace(place, bySize) {
  return { ...place, size: tenths(clamped(place.size + bySize, SMALLEST_SIZE, LARGEST_SIZE)) };
}

// What is kept of a place. Of a lamp that nobody has placed, only its colour.
export function keptPlace(place) {
  const { isPlaced, x, y, size, colour } = place;
  return isPlaced ? { x, y, size, colour } : { colour };
}

// `layout.toml` with these lamps, to copy from a page that can write no file.
export function layoutText(layout) {
  const key = (name) => (/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name));
  const number = (value) => (Number.isInteger(value) ? `${value}.0` : `${value}`);
  const value = (kept) => (typeof kept === "number" ? number(kept) : JSON.stringify(kept));
  const lamps = Object.entries(layout.lamps).map(([name, lamp]) => {
    const pairs = ["x", "y", "size", "colour"].filter((field) => lamp[field] !== undefined);
    return `${key(name)} = { ${pairs.map((field) => `${field} = ${value(lamp[field])}`).join(", ")} }\n`;
  });
  return `[lamps]\n${lamps.join("")}`;
}
