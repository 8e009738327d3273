// The whole show in one strip below the lanes: which part of it the timeline shows, and a way to another part.

import { drawHeadings } from "./blocks.js";
import { drawWaveform } from "./waveform.js";
import { fitSurface } from "./surface.js";
import { createScale, wholeView } from "./scale.js";
import { moveView, timelineView, turnViewTo } from "./view.js";

export function createOverview(element, store) {
  const canvas = document.createElement("canvas");
  const view = document.createElement("div");
  view.className = "overview-view";
  const head = document.createElement("div");
  head.className = "overview-playhead";
  element.append(canvas, view, head);
  element.setAttribute("role", "scrollbar");
  element.setAttribute("aria-orientation", "horizontal");
  element.setAttribute("aria-label", "part of the show in view");
  element.setAttribute("aria-controls", "timeline-lanes");
  element.setAttribute("aria-valuemin", "0");
  element.setAttribute("aria-valuemax", "100");
  let width = 0;
  let grip = null;

  const usAt = (event) => {
    const { left } = element.getBoundingClientRect();
    return ((event.clientX - left) / Math.max(1, width)) * store.get().show.length_us;
  };
  element.addEventListener("pointerdown", (event) => {
    if (!store.get().show || event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    const us = usAt(event);
    const shown = timelineView(store);
    if (us < shown.fromUs || us >= shown.toUs) moveView(store, us - (shown.toUs - shown.fromUs) / 2);
    grip = us - timelineView(store).fromUs;
  });
  element.addEventListener("pointermove", (event) => {
    if (grip !== null) moveView(store, usAt(event) - grip);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    element.addEventListener(name, () => {
      grip = null;
    });
  }
  element.addEventListener("dblclick", (event) => turnViewTo(store, usAt(event)));

  return {
    redraw(show, palette, newWidth) {
      width = newWidth;
      const height = element.clientHeight;
      const surface = fitSurface(canvas, width, height);
      if (!surface) return;
      const scale = createScale(wholeView(show.length_us), width);
      drawHeadings(surface, show.headings, scale, palette, 0, height, false);
      if (show.sound?.waveform) drawWaveform(surface, show.sound.waveform, scale, palette, 1, height - 2);
    },
    showView(show, shown) {
      const part = (us) => us / Math.max(1, show.length_us);
      view.style.transform = `translateX(${part(shown.fromUs) * width}px)`;
      view.style.width = `${Math.max(6, part(shown.toUs - shown.fromUs) * width)}px`;
      element.setAttribute("aria-valuenow", String(Math.round(part(shown.fromUs) * 100)));
    },
    showPlayhead(show, us) {
      head.style.transform = `translateX(${(us / Math.max(1, show.length_us)) * width}px)`;
    },
  };
}
