// The light of a channel as straight lines, and what a row of pixels shows of them. Pure, knows no canvas.

import { countBegun, levelAt } from "../track.js";

// A curved fade is drawn as so many straight lines.
const LINES_A_CURVE = 12;

const segmentsOfChannels = new WeakMap();

// Straight lines one after another from the beginning to the end of the show: `{ startUs, endUs, from, to }`.
export function lightSegments(channel, lengthUs) {
  const known = segmentsOfChannels.get(channel);
  if (known && known.lengthUs === lengthUs) return known.segments;
  const segments = computeSegments(channel, lengthUs);
  segmentsOfChannels.set(channel, { lengthUs, segments });
  return segments;
}

function computeSegments(channel, lengthUs) {
  const segments = [];
  const lead = channel.lead_us;
  const add = (startUs, endUs, from, to) => {
    const start = Math.max(startUs, 0);
    const end = Math.min(endUs, lengthUs);
    if (end <= start) return;
    const last = segments[segments.length - 1];
    const goesOn = last && last.from === last.to && from === to && last.to === from;
    if (goesOn) last.endUs = end;
    else segments.push({ startUs: start, endUs: end, from, to });
  };
  const pieces = channel.light;
  // A light is seen when it comes, `lead` after its signal; nothing is sent before the show begins.
  const seenAt = (index) => (index < pieces.length ? pieces[index][0] + lead : lengthUs);
  add(0, pieces.length > 0 ? seenAt(0) : lengthUs, levelAt(channel, 0), levelAt(channel, 0));
  for (let index = 0; index < pieces.length && seenAt(index) < lengthUs; index += 1) {
    const piece = pieces[index];
    const start = seenAt(index);
    const end = Math.max(start, seenAt(index + 1));
    if (piece.length === 2) {
      add(start, end, piece[1], piece[1]);
      continue;
    }
    const [, rampStart, over, , to, easing] = piece;
    const arrives = rampStart + lead + over;
    const parts = easing === "linear" ? 1 : LINES_A_CURVE;
    const leaves = Math.max(start, rampStart + lead);
    const until = Math.min(end, arrives);
    for (let part = 0; part < parts; part += 1) {
      const one = Math.round(leaves + ((until - leaves) * part) / parts);
      const other = Math.round(leaves + ((until - leaves) * (part + 1)) / parts);
      const ends = part + 1 === parts && until === arrives ? to : levelAt(channel, other - (other === end ? 1 : 0));
      add(one, other, levelAt(channel, one), ends);
    }
    add(Math.max(start, arrives), end, to, to);
  }
  return segments;
}

// What the pixels from 0 to `scale.width` show: shapes `{ x0, x1, from, to, high }` with levels in hundredths of a
// percent. A shape at least a pixel wide is a line; lines too short for a pixel are one shape of a pixel with their
// mean, and the highest of them, so that no flash is lost.
export function laneShapes(segments, scale) {
  const shapes = [];
  let index = Math.max(0, countBegun(segments, scale.fromUs, (segment) => segment.startUs) - 1);
  let dense = null;
  const closeDense = () => {
    if (dense) {
      const mean = dense.area / dense.wide;
      shapes.push({ x0: dense.x0, x1: dense.x1, from: mean, to: mean, high: dense.high });
    }
    dense = null;
  };
  for (; index < segments.length && segments[index].startUs < scale.toUs; index += 1) {
    const segment = segments[index];
    const whole = segment.endUs - segment.startUs;
    const start = Math.max(segment.startUs, scale.fromUs);
    const end = Math.min(segment.endUs, scale.toUs);
    if (end <= start) continue;
    const levelNear = (us) => segment.from + ((segment.to - segment.from) * (us - segment.startUs)) / whole;
    const x0 = scale.xOf(start);
    const x1 = scale.xOf(end);
    const from = levelNear(start);
    const to = levelNear(end);
    if (x1 - x0 >= 1) {
      closeDense();
      shapes.push({ x0, x1, from, to, high: Math.max(from, to) });
      continue;
    }
    if (dense && Math.floor(x0) !== dense.column) closeDense();
    dense ??= { column: Math.floor(x0), x0, x1, wide: 1e-9, area: 0, high: 0 };
    dense.area += ((from + to) / 2) * (x1 - x0);
    dense.wide += x1 - x0;
    dense.x1 = x1;
    dense.high = Math.max(dense.high, from, to);
  }
  closeDense();
  return shapes;
}
