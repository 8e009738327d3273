// Pointer, wheel and touch on the timeline: scrub, loop a range, choose, zoom with the wheel or two fingers.

import { chooseChannel, chooseLine } from "./choose.js";
import { headBlockAt, headRowAt } from "./head.js";
import { laneAt } from "./lanes.js";
import { notesNear } from "./marks.js";
import { draggedRange } from "./scale.js";
import { moveView, placeView, zoomBy } from "./view.js";

// A pointer that moved less than this clicked.
const CLICK_PX = 5;
// So near to an edge of the loop a drag moves that edge.
const EDGE_PX = 8;
const WHEEL_ZOOM = 0.0022;

// `surfaceOf` is the canvas of the head or of the lanes; `geometry()` tells `{ scale, rows, laneHeight, scrollTop }`;
// `seek(us)` is called for each moment of a scrub.
export function attachGestures(surfaceOf, store, geometry, seek) {
  for (const area of ["head", "lanes"]) {
    attachDrags(surfaceOf[area], area, store, geometry, seek);
    attachWheel(surfaceOf[area], area, store, geometry);
  }
}

function placeIn(canvas, event) {
  const { left, top } = canvas.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

// The end of the loop that a drag at a place leaves where it is: the one across from the edge that is there; else null.
function anchorOfEdge(store, { scale, rows }, x, y) {
  const { loop } = store.get();
  if (loop === null || headRowAt(rows, y) !== "ruler") return null;
  const isNear = (us) => Math.abs(scale.xOf(us) - x) <= EDGE_PX;
  return isNear(loop.toUs) ? loop.fromUs : isNear(loop.fromUs) ? loop.toUs : null;
}

export function isLoopEdge(store, geometry, x, y) {
  return anchorOfEdge(store, geometry, x, y) !== null;
}

// What a pointer does that goes down at a place: a loop from a moment, or a scrub.
function dragFor(area, { x, y }, store, geometry) {
  const { scale, rows } = geometry;
  if (area !== "head" || headRowAt(rows, y) !== "ruler") return { does: "scrub" };
  return { does: "loop", anchorUs: anchorOfEdge(store, geometry, x, y) ?? scale.usAt(x) };
}

function attachDrags(canvas, area, store, geometry, seek) {
  const pointers = new Map();
  let drag = null;
  let pinch = null;

  // A pointer beyond a side is at the side: a scrub that left the view would turn it, and run away.
  const momentAt = (x) => {
    const { scale } = geometry();
    const { length_us: lengthUs } = store.get().show;
    const side = scale.toUs >= lengthUs ? scale.width : scale.width - 1;
    return Math.min(Math.max(scale.usAt(Math.min(Math.max(x, 0), side)), 0), lengthUs);
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!store.get().show || event.button !== 0) return;
    const place = placeIn(canvas, event);
    pointers.set(event.pointerId, place);
    canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 2) {
      drag = null;
      pinch = pinchFrom(fingersOf(pointers), geometry().scale);
      return;
    }
    drag = { ...dragFor(area, place, store, geometry()), from: place, moved: false };
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const place = placeIn(canvas, event);
    pointers.set(event.pointerId, place);
    if (pinch && pointers.size === 2) {
      const { middle, distance } = fingersOf(pointers);
      placeView(store, pinch.momentUs, middle / geometry().scale.width, (pinch.spanUs * pinch.distance) / distance);
      return;
    }
    if (!drag) return;
    drag.moved ||= Math.abs(place.x - drag.from.x) >= CLICK_PX;
    if (!drag.moved) return;
    if (drag.does === "scrub") {
      seek(momentAt(place.x));
      return;
    }
    const { show } = store.get();
    const range = draggedRange(show.beats, geometry().scale, drag.anchorUs, momentAt(place.x), show.length_us);
    if (range) store.set({ loop: range });
  });

  canvas.addEventListener("pointerup", (event) => {
    const place = placeIn(canvas, event);
    if (drag && !drag.moved && pointers.size === 1) clickAt(area, place, store, geometry(), seek);
    letGo(event);
  });
  canvas.addEventListener("pointercancel", letGo);
  canvas.addEventListener("dblclick", (event) => {
    const place = placeIn(canvas, event);
    if (area === "head" && headRowAt(geometry().rows, place.y) === "ruler") store.set({ loop: null });
    else seek(momentAt(place.x));
  });

  function letGo(event) {
    pointers.delete(event.pointerId);
    drag = null;
    pinch = null;
  }
}

function clickAt(area, { x, y }, store, { scale, rows, laneHeight, scrollTop }, seek) {
  const { show } = store.get();
  const us = Math.min(Math.max(scale.usAt(x), 0), show.length_us);
  if (area === "lanes") {
    const lane = laneAt(show.channels.length, laneHeight, y + scrollTop);
    if (lane !== null) chooseChannel(store, lane, us);
    return;
  }
  if (headRowAt(rows, y) === "notes") {
    const near = notesNear(show, scale, x)[0];
    if (near && Number.isInteger(near.note.line)) chooseLine(store, near.note.line);
    return;
  }
  const block = headBlockAt(rows, show, scale, x, y);
  if (block && Number.isInteger(block.line)) chooseLine(store, block.line);
  seek(us);
}

function fingersOf(pointers) {
  const [one, other] = [...pointers.values()];
  return { middle: (one.x + other.x) / 2, distance: Math.max(20, Math.abs(one.x - other.x)) };
}

// What stays while two fingers zoom: the moment between them.
function pinchFrom({ middle, distance }, scale) {
  return { momentUs: scale.usAt(middle), distance, spanUs: scale.toUs - scale.fromUs };
}

function attachWheel(canvas, area, store, geometry) {
  const onWheel = (event) => {
    if (!store.get().show) return;
    const unit = event.deltaMode === 1 ? 16 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const { scale } = geometry();
    // Over the lanes an upright wheel scrolls them, as everywhere.
    const zooms = event.ctrlKey || event.altKey || (area === "head" && !event.shiftKey && Math.abs(dy) > Math.abs(dx));
    const along = event.shiftKey && dx === 0 ? dy : dx;
    if (!zooms && (along === 0 || (!event.shiftKey && Math.abs(dy) > Math.abs(dx)))) return;
    event.preventDefault();
    const factor = Math.exp(-dy * WHEEL_ZOOM * (event.ctrlKey ? 2 : 1));
    if (zooms) zoomBy(store, factor, scale.usAt(placeIn(canvas, event).x));
    else moveView(store, scale.fromUs + along / scale.perUs);
  };
  canvas.addEventListener("wheel", onWheel, { passive: false });
}
