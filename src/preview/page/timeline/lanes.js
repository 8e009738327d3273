// The lanes: the light of each channel over the time. Dimmed lights as an area, lights that only switch as hard blocks.

import { laneColour } from "./palette.js";
import { laneShapes, lightSegments } from "./segments.js";

const FULL = 10_000;

// Which of `count` lanes are in sight: the first, and the first that is not.
export function lanesInSight(count, laneHeight, scrollTop, height) {
  const first = Math.min(Math.max(0, Math.floor(scrollTop / laneHeight)), count);
  return { first, end: Math.min(count, Math.max(first, Math.ceil((scrollTop + height) / laneHeight))) };
}

// The lane at a height of the content, or null beside the lanes.
export function laneAt(count, laneHeight, y) {
  const lane = Math.floor(y / laneHeight);
  return lane >= 0 && lane < count ? lane : null;
}

// Draws the lanes in sight. `scrollTop` is how far the content is scrolled, `lamps` the layout's by name.
export function drawLanes(surface, show, scale, palette, { laneHeight, scrollTop, chosen, lamps }) {
  const { context, width, height, sharp, hair } = surface;
  const { first, end } = lanesInSight(show.channels.length, laneHeight, scrollTop, height);
  for (let index = first; index < end; index += 1) {
    const channel = show.channels[index];
    const top = sharp(index * laneHeight - scrollTop);
    if (index === chosen) {
      context.globalAlpha = 0.12;
      context.fillStyle = palette.ink;
      context.fillRect(0, top, width, laneHeight);
    }
    context.fillStyle = laneColour(lamps[channel.name], palette.light);
    const shapes = laneShapes(lightSegments(channel, show.length_us), scale);
    const place = { top: top + 2, height: laneHeight - 4 };
    if (channel.dims) drawArea(surface, shapes, place);
    else drawBlocks(surface, shapes, place, scale.fromUs > 0);
    context.globalAlpha = 0.14;
    context.fillStyle = palette.ink;
    context.fillRect(0, sharp(top + laneHeight) - hair, width, hair);
  }
  context.globalAlpha = 1;
}

// Short flashes that share a pixel are drawn by their highest level, faint, behind their mean.
function drawArea(surface, shapes, { top, height }) {
  const { context } = surface;
  if (shapes.length === 0) return;
  const base = top + height;
  const yOf = (level) => base - (level / FULL) * height;
  const fillUnder = (fromOf, toOf) => {
    context.beginPath();
    context.moveTo(shapes[0].x0, base);
    for (const shape of shapes) {
      context.lineTo(shape.x0, yOf(fromOf(shape)));
      context.lineTo(shape.x1, yOf(toOf(shape)));
    }
    context.lineTo(shapes[shapes.length - 1].x1, base);
    context.fill();
  };
  context.globalAlpha = 0.3;
  fillUnder((shape) => (isDense(shape) ? shape.high : shape.from), (shape) => (isDense(shape) ? shape.high : shape.to));
  context.globalAlpha = 0.8;
  fillUnder((shape) => shape.from, (shape) => shape.to);
}

const isDense = (shape) => shape.from === shape.to && shape.high > shape.from;

// A block is as high as its lane whatever its width, with an edge where the light comes on. Where it switches too
// quickly to draw, the block is as solid as the light is long on.
function drawBlocks(surface, shapes, { top, height }, beginsBefore) {
  const { context, sharp } = surface;
  // A light that was on before the view came on before it.
  let wasOn = beginsBefore;
  for (const shape of shapes) {
    if (shape.high <= 0) {
      wasOn = false;
      continue;
    }
    const x0 = sharp(shape.x0);
    const wide = Math.max(1, sharp(shape.x1) - x0);
    context.globalAlpha = isDense(shape) ? 0.3 + (0.45 * shape.from) / FULL : 0.75;
    context.fillRect(x0, top, wide, height);
    context.globalAlpha = 1;
    if (!wasOn && wide >= 4) context.fillRect(x0, top, 2, height);
    wasOn = true;
  }
}
