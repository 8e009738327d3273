// The head of the timeline above the lanes: ruler, headings, sections, loudness, and a row for marks. Knows its rows.

import { blockAt, drawHeadings, drawSections, rowsOfBlocks } from "./blocks.js";
import { drawNoteSymbols, timesOfNotes } from "./marks.js";
import { drawRuler } from "./ruler.js";
import { spansOfLine } from "./spans.js";
import { drawWaveform } from "./waveform.js";

// The heights of the rows by the height of the whole timeline: the lower it is, the more of it is left to the lanes.
const ROW_HEIGHTS = [
  { from: 420, ruler: 26, headings: 20, section: 17, sections: 3, sound: 58, notes: 18 },
  { from: 330, ruler: 24, headings: 18, section: 15, sections: 3, sound: 36, notes: 16 },
  { from: 240, ruler: 22, headings: 17, section: 15, sections: 2, sound: 28, notes: 16 },
  { from: 0, ruler: 22, headings: 17, section: 15, sections: 0, sound: 22, notes: 15 },
];

// The buttons beside the head need this height.
const LEAST_HEAD = 38;

// The rows that a show needs: `{ name: { top, height } }`, one below the other, and the height of all.
export function headRows(show, timelineHeight) {
  const high = ROW_HEIGHTS.find((each) => timelineHeight >= each.from);
  const placed = high.sections > 0 ? rowsOfBlocks(show.sections, high.sections) : { rows: 0, placed: [] };
  const wanted = [
    ["ruler", high.ruler],
    ["headings", show.headings.length > 0 ? high.headings : 0],
    ["sections", placed.rows * high.section],
    ["sound", show.sound?.waveform ? high.sound : 0],
    ["notes", timesOfNotes(show).length > 0 ? high.notes : 0],
  ];
  const all = wanted.reduce((sum, [, height]) => sum + height, 0);
  wanted[0][1] += Math.max(0, LEAST_HEAD - all);
  const rows = { placed: placed.placed, sectionHeight: high.section };
  let top = 0;
  for (const [name, height] of wanted) {
    rows[name] = { top, height };
    top += height;
  }
  rows.height = top;
  return rows;
}

// The name of the row at `y`, or null.
export function headRowAt(rows, y) {
  const names = ["ruler", "headings", "sections", "sound", "notes"];
  return names.find((name) => y >= rows[name].top && y < rows[name].top + rows[name].height) ?? null;
}

// The heading or section at a place of the head, or null.
export function headBlockAt(rows, show, scale, x, y) {
  const row = headRowAt(rows, y);
  const us = scale.usAt(x);
  if (row === "headings") return show.headings.find((each) => us >= each.start_us && us < each.end_us) ?? null;
  if (row !== "sections") return null;
  return blockAt(rows.placed, Math.floor((y - rows.sections.top) / rows.sectionHeight), us);
}

export function drawHead(surface, show, rows, scale, marks, palette, line) {
  const { context, width } = surface;
  const { ruler, headings, sections, sound, notes } = rows;
  context.fillStyle = palette.panel;
  context.fillRect(0, 0, width, surface.height);
  drawRuler(surface, marks, palette, ruler.height);
  if (headings.height > 0) drawHeadings(surface, show.headings, scale, palette, headings.top, headings.height);
  drawSections(surface, show.sections, rows.placed, scale, palette, sections.top, rows.sectionHeight, line);
  if (sound.height > 0) drawWaveform(surface, show.sound.waveform, scale, palette, sound.top, sound.height);
  if (notes.height > 0) drawNoteSymbols(surface, show, scale, palette, notes.top, notes.height);
  if (line !== null) drawChosenStarts(surface, spansOfLine(show, line), scale, palette, ruler.height);
}

// Small pointers on the ruler: where what the chosen line does begins.
function drawChosenStarts(surface, spans, scale, palette, bottom) {
  const { context } = surface;
  context.fillStyle = palette.accent;
  context.beginPath();
  let free = -Infinity;
  for (const { startUs } of spans) {
    const x = scale.xOf(startUs);
    if (x < free || x < -6 || x > surface.width + 6) continue;
    context.moveTo(x, bottom);
    context.lineTo(x - 5, bottom - 7);
    context.lineTo(x + 5, bottom - 7);
    context.closePath();
    free = x + 3;
  }
  context.fill();
}
