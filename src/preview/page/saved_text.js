// The last good show in a text that was saved after it: its lines where they stand there now. Pure.

import { isInSheet } from "./told.js";

// More pairs of changed lines are not compared: a person has replaced the text.
const MOST_PAIRS = 4_000_000;

// For each line of `before`, the number of the same line in `after`; null for one that is not there any more.
export function placesInText(before, after) {
  const places = new Array(before.length).fill(null);
  const least = Math.min(before.length, after.length);
  let head = 0;
  while (head < least && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  for (let at = 0; at < head; at += 1) places[at] = at + 1;
  for (let at = 1; at <= tail; at += 1) places[before.length - at] = after.length - at + 1;
  const [from, to] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  for (const [one, other] of commonLines(from, to)) places[head + one] = head + other + 1;
  return places;
}

// The longest common sequence of two texts, as pairs of indices.
function commonLines(from, to) {
  if (from.length * to.length > MOST_PAIRS) return [];
  const width = to.length + 1;
  const longest = new Uint16Array((from.length + 1) * width);
  for (let one = from.length - 1; one >= 0; one -= 1) {
    for (let other = to.length - 1; other >= 0; other -= 1) {
      const here = one * width + other;
      longest[here] =
        from[one] === to[other] ? longest[here + width + 1] + 1 : Math.max(longest[here + width], longest[here + 1]);
    }
  }
  const pairs = [];
  for (let one = 0, other = 0; one < from.length && other < to.length; ) {
    if (from[one] === to[other]) pairs.push([one++, other++]);
    else if (longest[(one + 1) * width + other] >= longest[one * width + other + 1]) one += 1;
    else other += 1;
  }
  return pairs;
}

// The show with `lines` as its text. What has lost its line has null.
function showInText(show, lines) {
  const places = placesInText(show.lines, lines);
  const moved = (parts) => parts.map((part) => ({ ...part, line: places[part.line - 1] ?? null }));
  const told = show.told.map((note) => (isInSheet(show, note) ? moved([note])[0] : note));
  const parts = { cues: moved(show.cues), sections: moved(show.sections), headings: moved(show.headings) };
  return { ...show, ...parts, told, lines, lastGood: show };
}

// What changes in the state with these mistakes, or with null when they are mended: the sheet has the text that they are in.
export function stateWithMistakes({ show, selected }, mistakes) {
  if (show === null) return { mistakes };
  const good = show.lastGood ?? show;
  const shown = mistakes?.lines ? showInText(good, mistakes.lines) : good;
  if (shown === show) return { mistakes };
  const line = selected.line === null ? null : (placesInText(show.lines, shown.lines)[selected.line - 1] ?? null);
  return { mistakes, show: shown, selected: { channel: selected.channel, line } };
}
