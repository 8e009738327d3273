// The ruler: bars and beats with numbers as there is space for, or seconds where a show has no tempo.

import { countBegun } from "../track.js";
import { beatStartUs, beatWidths } from "./scale.js";
import { fillColumns } from "./surface.js";

const LABEL_WIDTH = 46;
const NARROWEST_BEAT = 9;
const BEAT_LABEL_WIDTH = 38;
// From this width on a beat shows its quarters.
const QUARTERS_WIDTH = 150;
const STEPS_OF_SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600];

// Marks in order: `{ x, rank, label }` with rank 0 for the strongest line (a numbered bar), 1 for a bar, 2 for a beat,
// 3 for a part of a beat. A mark without a number has the label "".
export function rulerMarks(beats, scale) {
  return beats.length > 0 ? beatMarks(beats, scale) : secondMarks(scale);
}

// Every how many bars a number fits: 1, 2, 4, 8 …
export function barsANumber(barWidth) {
  if (!(barWidth > 0)) return 1;
  let step = 1;
  while (step * barWidth < LABEL_WIDTH && step < 1 << 20) step *= 2;
  return step;
}

function beatMarks(beats, scale) {
  const widths = beatWidths(beats, scale);
  const step = barsANumber(widths.bar);
  const showsBeats = widths.beat >= NARROWEST_BEAT;
  const marks = [];
  let free = -Infinity;
  let index = Math.max(0, countBegun(beats, scale.fromUs, beatStartUs) - 1);
  for (; index < beats.length && beats[index][0] <= scale.toUs; index += 1) {
    const [startUs, bar, beat] = beats[index];
    const isBar = beat === 1;
    const isNumbered = isBar && (bar - 1) % step === 0;
    const x = scale.xOf(startUs);
    if (isBar ? isNumbered || showsBeats || widths.bar >= NARROWEST_BEAT : showsBeats) {
      const hasLabel = (isNumbered || (!isBar && widths.beat >= BEAT_LABEL_WIDTH)) && x >= free;
      const label = !hasLabel ? "" : isBar ? `${bar}` : `${bar}.${beat}`;
      if (hasLabel) free = x + 8 + 7 * label.length;
      marks.push({ x, rank: isNumbered ? 0 : isBar ? 1 : 2, label });
    }
    if (widths.beat >= QUARTERS_WIDTH && index + 1 < beats.length) {
      for (const part of [0.25, 0.5, 0.75]) {
        marks.push({ x: scale.xOf(startUs + (beats[index + 1][0] - startUs) * part), rank: 3, label: "" });
      }
    }
  }
  return marks;
}

function secondMarks(scale) {
  const fits = (seconds) => seconds * 1e6 * scale.perUs >= LABEL_WIDTH + 14;
  const step = STEPS_OF_SECONDS.find(fits) ?? STEPS_OF_SECONDS[STEPS_OF_SECONDS.length - 1];
  const stepUs = Math.round(step * 1e6);
  const decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  const marks = [];
  for (let us = Math.floor(scale.fromUs / stepUs) * stepUs; us <= scale.toUs; us += stepUs) {
    marks.push({ x: scale.xOf(us), rank: 0, label: minutesAndSeconds(us, decimals) });
    for (const part of [1, 2, 3, 4]) marks.push({ x: scale.xOf(us + (stepUs * part) / 5), rank: 2, label: "" });
  }
  return marks;
}

// `1:05.20`: as the cue sheet writes times.
export function minutesAndSeconds(us, decimals) {
  const unit = 10 ** decimals;
  const units = Math.floor(us / 10 ** (6 - decimals));
  const seconds = Math.floor(units / unit);
  const rest = decimals > 0 ? `.${String(units % unit).padStart(decimals, "0")}` : "";
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}${rest}`;
}

export function drawRuler(surface, marks, palette, height) {
  const { context } = surface;
  context.fillStyle = palette.ink;
  const heights = [height, height * 0.5, height * 0.3, height * 0.18];
  for (const rank of [0, 1, 2, 3]) {
    context.globalAlpha = [0.55, 0.45, 0.4, 0.3][rank];
    const places = marks.filter((mark) => mark.rank === rank && (rank > 0 || mark.label !== "")).map((mark) => mark.x);
    fillColumns(surface, places, height - heights[rank], heights[rank], 1);
  }
  context.textBaseline = "middle";
  for (const mark of marks) {
    if (mark.label === "") continue;
    const isBeat = mark.rank === 2;
    context.globalAlpha = isBeat ? 0.75 : 1;
    context.font = isBeat ? palette.fontOf(11) : palette.fontOf(12, 600);
    context.fillText(mark.label, mark.x + 4, height / 2 - 1);
  }
  context.globalAlpha = 1;
}

// The same lines behind the lanes, faint.
export function drawGrid(surface, marks, palette, height) {
  const { context } = surface;
  context.fillStyle = palette.ink;
  for (const rank of [0, 1, 2, 3]) {
    context.globalAlpha = [0.2, 0.11, 0.07, 0.045][rank];
    fillColumns(surface, marks.filter((mark) => mark.rank === rank).map((mark) => mark.x), 0, height, 1);
  }
  context.globalAlpha = 1;
}
