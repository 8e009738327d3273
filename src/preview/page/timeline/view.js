// Which part of the show the timeline shows: zoom, the whole show, and the view that goes along with the playhead.

import { fittedView, shortestSpanUs, viewFrom, wholeView, zoomedView } from "./scale.js";

const ZOOM_STEP = 1.6;
// Where the playhead stands in a view that was turned to it: a part of the width.
const PLAYHEAD_PART = 0.08;

export function timelineView(store) {
  const { view, show } = store.get();
  return fittedView(view, show.length_us);
}

function setView(store, view) {
  const old = store.get().view;
  if (old.fromUs === view.fromUs && old.toUs === view.toUs) return;
  store.set({ view });
}

// Zooms round a moment; without one round the playhead if it is in view, else round the middle.
export function zoomBy(store, factor, aroundUs) {
  const { show, positionUs } = store.get();
  const view = timelineView(store);
  const isInView = positionUs >= view.fromUs && positionUs <= view.toUs;
  const around = aroundUs ?? (isInView ? positionUs : (view.fromUs + view.toUs) / 2);
  setView(store, zoomedView(view, factor, around, show.length_us, shortestSpanUs(show.beats)));
}

export function zoomIn(store) {
  zoomBy(store, ZOOM_STEP);
}

export function zoomOut(store) {
  zoomBy(store, 1 / ZOOM_STEP);
}

export function zoomAll(store) {
  setView(store, wholeView(store.get().show.length_us));
}

export function moveView(store, fromUs) {
  const view = timelineView(store);
  setView(store, viewFrom(fromUs, view.toUs - view.fromUs, store.get().show.length_us));
}

// Shows a span of the show so that `aroundUs` is at a part of the width.
export function placeView(store, aroundUs, part, spanUs) {
  const { show } = store.get();
  const span = Math.min(Math.max(spanUs, shortestSpanUs(show.beats)), show.length_us);
  setView(store, viewFrom(aroundUs - part * span, span, show.length_us));
}

// Turns the view so that `us` is near its left side.
export function turnViewTo(store, us) {
  const view = timelineView(store);
  moveView(store, us - (view.toUs - view.fromUs) * PLAYHEAD_PART);
}

// Moves the view as little as is needed to have a range in it, or its beginning if it is longer.
export function showRange(store, fromUs, toUs) {
  const view = timelineView(store);
  const span = view.toUs - view.fromUs;
  const margin = span * PLAYHEAD_PART;
  if (fromUs >= view.fromUs && Math.min(toUs, fromUs + margin) <= view.toUs) return;
  moveView(store, fromUs < view.fromUs || toUs - fromUs > span - 2 * margin ? fromUs - margin : toUs + margin - span);
}

// A step of the playhead that is no frame of playing: somebody put it there.
const SOUGHT_US = 700_000;
const SOUGHT_IN_PAUSE_US = 60_000;

// Whether the view follows the playhead from `lastUs` to `us`: when it walks out of the view, and when somebody put it
// elsewhere. A view that a person moved away from the playhead stays.
export function leavesView(view, lastUs, us, { loop, playing }) {
  const isIn = (moment) => moment >= view.fromUs && moment < view.toUs;
  if (isIn(us)) return false;
  if (isIn(lastUs)) return true;
  const wraps = loop !== null && us >= loop.fromUs && lastUs <= loop.toUs && us < lastUs;
  return Math.abs(us - lastUs) > (playing ? SOUGHT_US : SOUGHT_IN_PAUSE_US) && !(playing && wraps);
}
