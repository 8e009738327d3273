// Time and place on the timeline: which pixel is which moment, zoom round a moment, the nearest beat. Pure.

import { countBegun } from "../track.js";

// A whole view is never shorter than this, however quick the beats are.
const SHORTEST_VIEW_US = 100_000;
// Without a tempo the closest view.
const SHORTEST_WITHOUT_BEATS_US = 500_000;

export function createScale(view, width) {
  const spanUs = Math.max(1, view.toUs - view.fromUs);
  const perUs = width / spanUs;
  return {
    fromUs: view.fromUs,
    toUs: view.toUs,
    width,
    perUs,
    xOf: (us) => (us - view.fromUs) * perUs,
    usAt: (x) => Math.round(view.fromUs + x / perUs),
  };
}

export function wholeView(lengthUs) {
  return { fromUs: 0, toUs: Math.max(1, lengthUs) };
}

// The view of a show that has none yet, and a view that reaches beyond a show that became shorter.
export function fittedView(view, lengthUs) {
  if (view.toUs - view.fromUs < Math.min(SHORTEST_VIEW_US, lengthUs)) return wholeView(lengthUs);
  return viewFrom(view.fromUs, view.toUs - view.fromUs, lengthUs);
}

export function viewFrom(fromUs, spanUs, lengthUs) {
  const whole = Math.max(1, lengthUs);
  const span = Math.min(Math.max(1, Math.round(spanUs)), whole);
  const from = Math.min(Math.max(0, Math.round(fromUs)), whole - span);
  return { fromUs: from, toUs: from + span };
}

// `factor` above 1 shows less. The moment `aroundUs` keeps its place on the screen.
export function zoomedView(view, factor, aroundUs, lengthUs, shortestUs) {
  const oldSpan = view.toUs - view.fromUs;
  const shortest = Math.min(shortestUs, lengthUs);
  const span = Math.min(Math.max(oldSpan / factor, shortest), lengthUs);
  const part = Math.min(Math.max((aroundUs - view.fromUs) / oldSpan, 0), 1);
  return viewFrom(aroundUs - part * span, span, lengthUs);
}

// The closest view of a show: one beat, of usual length for this show.
export function shortestSpanUs(beats) {
  if (beats.length < 2) return SHORTEST_WITHOUT_BEATS_US;
  const middle = beats.length >> 1;
  return Math.max(beats[middle][0] - beats[middle - 1][0], SHORTEST_VIEW_US);
}

export const beatStartUs = (beat) => beat[0];

// The beat nearest to `us`, or the first beat of a bar if only these count. Without a tempo `us` itself.
export function nearestBeatUs(beats, us, onlyBars) {
  if (beats.length === 0) return us;
  const counts = (index) => !onlyBars || beats[index][2] === 1;
  let before = countBegun(beats, us, beatStartUs) - 1;
  let after = before + 1;
  while (before >= 0 && !counts(before)) before -= 1;
  while (after < beats.length && !counts(after)) after += 1;
  const places = [];
  if (before >= 0) places.push(beats[before][0]);
  if (after < beats.length) places.push(beats[after][0]);
  if (places.length === 0) return us;
  return places.reduce((best, place) => (Math.abs(place - us) < Math.abs(best - us) ? place : best));
}

// The mean width of a beat and of a bar in the middle of the view: what there is space for.
export function beatWidths(beats, scale) {
  const middle = countBegun(beats, (scale.fromUs + scale.toUs) / 2, beatStartUs) - 1;
  const first = Math.max(0, Math.min(middle, beats.length - 1) - 8);
  const last = Math.min(beats.length - 1, first + 16);
  if (last <= first) return { beat: 0, bar: 0 };
  const beat = ((beats[last][0] - beats[first][0]) / (last - first)) * scale.perUs;
  let most = 1;
  for (let index = first; index <= last; index += 1) most = Math.max(most, beats[index][2]);
  return { beat, bar: beat * most };
}

// The loop that a drag from one moment to another makes: from beat to beat, or from bar to bar where beats are narrow.
export function draggedRange(beats, scale, oneUs, otherUs, lengthUs) {
  const onlyBars = beats.length > 0 && beatWidths(beats, scale).beat < 12;
  const snapped = [oneUs, otherUs]
    .map((us) => Math.min(Math.max(us, 0), lengthUs))
    .map((us) => {
      const near = nearestBeatUs(beats, us, onlyBars);
      return Math.abs(near - us) * scale.perUs < 24 ? near : us;
    })
    .sort((one, other) => one - other);
  return snapped[1] > snapped[0] ? { fromUs: snapped[0], toUs: snapped[1] } : null;
}
