// The timeline's element: head, lanes and overview, the playhead and the loop over them. Static layers are drawn only
// when view, size, show or choice change; a frame of the show only moves the playhead.

import { chooseChannel } from "./choose.js";
import { attachGestures } from "./gestures.js";
import { createFrame } from "./frame.js";
import { drawHead, headRows } from "./head.js";
import { attachHover } from "./hover.js";
import { drawLanes } from "./lanes.js";
import { fillLaneNames } from "./lane_names.js";
import { drawLaneMarks } from "./marks.js";
import { createOverview } from "./overview.js";
import { readPalette } from "./palette.js";
import { drawGrid, rulerMarks } from "./ruler.js";
import { createScale } from "./scale.js";
import { spanNow, spansOfLine } from "./spans.js";
import { fitSurface } from "./surface.js";
import { leavesView, timelineView, turnViewTo } from "./view.js";
import { chosenInWords } from "./words.js";

// A scrub seeks no more often: a player of sound needs time for each.
const SEEK_EVERY_MS = 40;

export function createTimeline(element, store, clock) {
  const frame = createFrame(element, store);
  const overview = createOverview(frame.overview, store);
  const dirty = { names: true, size: true, still: true };
  let palette = readPalette(element);
  let names = null;
  let rows = null;
  let size = null;
  let scale = createScale(timelineViewOf(store), 1);
  let lastUs = 0;
  let headX = -1;
  let seekUs = null;
  let soughtMs = -Infinity;

  function seek(us) {
    seekUs = us;
  }

  function geometry() {
    const { width, laneHeight } = size ?? { width: 1, laneHeight: 1 };
    return { scale: createScale(timelineViewOf(store), width), rows, laneHeight, scrollTop: frame.lanes.scrollTop };
  }

  attachGestures({ head: frame.headCanvas, lanes: frame.lanesCanvas }, store, geometry, seek);
  const hover = attachHover({ head: frame.headCanvas, lanes: frame.lanesCanvas }, frame.words, store, geometry);
  frame.lanes.addEventListener("scroll", () => {
    dirty.still = true;
  });
  new ResizeObserver(() => {
    dirty.size = true;
  }).observe(element);
  store.on(["show"], () => {
    dirty.names = true;
  });
  store.on(["view", "loop", "layout"], () => {
    dirty.still = true;
  });
  store.on(["selected"], (state) => {
    dirty.still = true;
    const { channel, line } = state.selected;
    // A lamp that was chosen leads to the line behind it now.
    if (channel !== null && line === null && state.show) chooseChannel(store, channel, state.positionUs);
    names?.mark(channel);
    const lanes = channel !== null ? [channel] : lanesOfLine(state, line);
    if (lanes.length > 0 && !lanes.some(isLaneInSight)) bringLaneIntoSight(Math.min(...lanes));
    if (state.show) hover.say(chosenInWords(state.show, store.get().selected));
  });

  function isLaneInSight(channel) {
    if (!size) return true;
    const top = channel * size.laneHeight - frame.lanes.scrollTop;
    return top >= 0 && top + size.laneHeight <= frame.lanes.clientHeight;
  }

  function bringLaneIntoSight(channel) {
    const top = channel * size.laneHeight;
    const lowest = top + size.laneHeight - frame.lanes.clientHeight;
    if (top < frame.lanes.scrollTop) frame.lanes.scrollTop = top;
    else if (lowest > frame.lanes.scrollTop) frame.lanes.scrollTop = lowest;
  }

  function measure(show) {
    palette = readPalette(element);
    rows = headRows(show, element.clientHeight);
    size = frame.measure(show.channels.length, rows.height);
    names.setHeight(size.laneHeight);
    overview.redraw(show, palette, size.width);
  }

  function drawStill(state) {
    const { show, selected, loop } = state;
    const view = timelineView(store);
    scale = createScale(view, size.width);
    const marks = rulerMarks(show.beats, scale);
    const head = fitSurface(frame.headCanvas, size.width, rows.height);
    if (head) drawHead(head, show, rows, scale, marks, palette, selected.line);
    const lanes = fitSurface(frame.lanesCanvas, size.width, size.lanesHeight);
    if (lanes) {
      const place = { laneHeight: size.laneHeight, scrollTop: frame.lanes.scrollTop };
      drawGrid(lanes, marks, palette, size.lanesHeight);
      drawLanes(lanes, show, scale, palette, { ...place, chosen: selected.channel, lamps: state.layout.lamps });
      drawLaneMarks(lanes, show, selected.line, scale, palette, place);
    }
    frame.showLoop(loop, scale);
    overview.showView(show, view);
    headX = -1;
  }

  function carryOutSeek(us) {
    const now = performance.now();
    if (seekUs === null || now - soughtMs < SEEK_EVERY_MS) return us;
    const to = seekUs;
    seekUs = null;
    soughtMs = now;
    clock.seek(to);
    store.set({ positionUs: to });
    return to;
  }

  return {
    draw(positionUs) {
      const state = store.get();
      if (!state.show) return;
      const us = carryOutSeek(positionUs);
      if (dirty.names) {
        names = fillLaneNames(frame.names, state.show, (index) => chooseChannel(store, index, store.get().positionUs));
        names.mark(state.selected.channel);
        dirty.size = true;
      }
      if (us !== lastUs && leavesView(timelineView(store), lastUs, us, state)) turnViewTo(store, us);
      lastUs = us;
      if (dirty.size) measure(state.show);
      if (dirty.size || dirty.still) drawStill(store.get());
      dirty.names = false;
      dirty.size = false;
      dirty.still = false;
      const x = scale.xOf(us);
      if (x === headX) return;
      headX = x;
      frame.showPlayhead(x);
      overview.showPlayhead(state.show, us);
    },
  };
}

// The lanes on which a line does something now or next.
function lanesOfLine({ show, positionUs }, line) {
  return show === null || line === null ? [] : (spanNow(spansOfLine(show, line), positionUs)?.channels ?? []);
}

function timelineViewOf(store) {
  return store.get().show ? timelineView(store) : store.get().view;
}
