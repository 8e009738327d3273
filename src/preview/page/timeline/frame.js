// The elements of the timeline and how they share their space. Draws nothing, knows no lights.

import { zoomAll, zoomIn, zoomOut } from "./view.js";

// The height of a lane in pixels, for a mouse and for a finger: as a rule, and how low it may be if all lanes are in
// sight then.
const LANE_FOR_MOUSE = { usual: 26, least: 21 };
const LANE_FOR_FINGER = { usual: 36, least: 30 };
const HIGHEST_LANE = 56;

function newPart(parent, className, tag = "div") {
  const part = document.createElement(tag);
  part.className = className;
  parent.append(part);
  return part;
}

function addZoomButton(parent, sign, label, action, store) {
  const button = newPart(parent, "zoom-button", "button");
  button.type = "button";
  button.textContent = sign;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.addEventListener("click", () => {
    if (store.get().show) action(store);
  });
}

export function createFrame(element, store) {
  element.classList.add("timeline");
  const head = newPart(element, "timeline-head");
  const corner = newPart(head, "timeline-corner");
  addZoomButton(corner, "−", "show more of the show (-)", zoomOut, store);
  addZoomButton(corner, "+", "show it larger (+)", zoomIn, store);
  addZoomButton(corner, "⤢", "show all of it (0)", zoomAll, store);
  const headCanvas = newPart(head, "timeline-head-canvas", "canvas");
  const lanes = newPart(element, "timeline-lanes");
  lanes.id = "timeline-lanes";
  const content = newPart(lanes, "timeline-content");
  const names = newPart(content, "timeline-names");
  names.setAttribute("role", "listbox");
  names.setAttribute("aria-label", "channels");
  names.tabIndex = 0;
  const lanesCanvas = newPart(content, "timeline-lanes-canvas", "canvas");
  const strip = newPart(element, "timeline-strip");
  const overview = newPart(strip, "timeline-overview");
  for (const canvas of [headCanvas, lanesCanvas]) canvas.setAttribute("aria-hidden", "true");
  const words = newPart(element, "timeline-words");
  words.setAttribute("aria-live", "polite");
  const over = newPart(element, "timeline-over");
  const loop = newPart(over, "timeline-loop");
  const playhead = newPart(over, "timeline-playhead");
  loop.hidden = true;

  return {
    headCanvas,
    lanes,
    lanesCanvas,
    names,
    overview,
    words,
    // Shares out the space for so many lanes below a head of a height. Lanes grow where there is space.
    measure(count, headHeight) {
      const { usual, least } = window.matchMedia("(pointer: coarse)").matches ? LANE_FOR_FINGER : LANE_FOR_MOUSE;
      head.style.height = `${headHeight}px`;
      content.style.height = `${count * usual}px`;
      const room = Math.floor(lanes.clientHeight / Math.max(1, count));
      const laneHeight = room < least ? usual : Math.min(room, HIGHEST_LANE);
      content.style.height = `${count * laneHeight}px`;
      const left = names.offsetWidth;
      const width = Math.max(0, lanes.clientWidth - left);
      const lanesHeight = Math.min(lanes.clientHeight, count * laneHeight);
      element.style.setProperty("--names-width", `${left}px`);
      over.style.left = `${left}px`;
      over.style.width = `${width}px`;
      over.style.height = `${headHeight + lanesHeight}px`;
      overview.style.width = `${width}px`;
      return { width, lanesHeight, laneHeight };
    },
    showPlayhead(x) {
      playhead.style.transform = `translateX(${x}px)`;
    },
    showLoop(range, scale) {
      loop.hidden = range === null;
      if (range === null) return;
      loop.style.transform = `translateX(${scale.xOf(range.fromUs)}px)`;
      loop.style.width = `${Math.max(2, (range.toUs - range.fromUs) * scale.perUs)}px`;
    },
  };
}
