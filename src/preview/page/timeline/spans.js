// When a line of the sheet does something: its cues; for a line that plays a section, that section; for a heading, its
// part of the show. Pure.

import { cuesOfLine } from "../lines.js";

// In order of start: `{ startUs, endUs, channels }`. A section and a heading have no channels of their own.
export function spansOfLine(show, line) {
  const cues = cuesOfLine(show, line);
  const found = cues.length > 0 ? cues : partsOfShow(show).filter((part) => part.line === line);
  return found.map((each) => ({ startUs: each.start_us, endUs: each.end_us, channels: each.channels ?? [] }));
}

function partsOfShow(show) {
  return [...show.sections, ...show.headings];
}

// The one that lasts at `us`, else the next, else the last; null without one.
export function spanNow(spans, us) {
  const lasts = spans.findLast((span) => span.startUs <= us && us < span.endUs);
  return lasts ?? spans.find((span) => span.startUs > us) ?? spans[spans.length - 1] ?? null;
}

// The lines with cues and those that play sections, from the top of the sheet.
export function linesThatDo(show) {
  const lines = [...show.cues, ...show.sections].map((each) => each.line).filter(Number.isInteger);
  return [...new Set(lines)].sort((one, other) => one - other);
}
