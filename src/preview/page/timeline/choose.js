// What a person chose: a lane, a line of the sheet, a warning; each leads to the others. By mouse and by keyboard.

import { cueBehind, lineAt } from "../lines.js";
import { noteAfter } from "../told.js";
import { linesThatDo, spanNow, spansOfLine } from "./spans.js";
import { showRange } from "./view.js";

// Chooses a channel, and the line of the cue behind its light at `us`.
export function chooseChannel(store, channel, us) {
  const { show, selected } = store.get();
  const cue = cueBehind(show, channel, us);
  const line = cue ? cue.line : null;
  if (selected.channel === channel && selected.line === line) return;
  store.set({ selected: { channel, line } });
}

// Chooses a line of the sheet. A channel that its cues do not touch is chosen no more.
export function chooseLine(store, line) {
  const { show, selected, positionUs } = store.get();
  const spans = spansOfLine(show, line);
  const stays = selected.channel !== null && spans.some((span) => span.channels.includes(selected.channel));
  store.set({ selected: { channel: stays ? selected.channel : null, line } });
  const span = spanNow(spans, positionUs);
  if (span) showRange(store, span.startUs, span.endUs);
}

// Chooses the channel that a rule of the rig changed, at the next of these changes from the playhead on.
export function chooseRule(store, channel, rules) {
  const { positionUs } = store.get();
  const rule = rules.find((each) => each.end_us > positionUs) ?? rules[0];
  chooseChannel(store, channel, rule.start_us);
  showRange(store, rule.start_us, rule.end_us);
}

// So near counts as there already: a player of sound does not stop at an exact microsecond.
const THERE_US = 20_000;

// The moment to which "go to this line" leads: the beginning of its cue, and of its next one when it is asked again.
export function momentOfLine(show, line, us) {
  const spans = spansOfLine(show, line);
  const isThere = spans.some((span) => Math.abs(span.startUs - us) < THERE_US);
  if (!isThere) return spanNow(spans, us)?.startUs ?? null;
  return (spans.find((span) => span.startUs >= us + THERE_US) ?? spans[0]).startUs;
}

// Puts the playhead to the chosen line.
export function goToChosen(store, clock) {
  const { show, selected, positionUs } = store.get();
  if (selected.line === null) return;
  const us = momentOfLine(show, selected.line, positionUs);
  if (us === null) return;
  clock.seek(us);
  store.set({ positionUs: us });
}

function stepLane(store, step) {
  const { show, selected, positionUs } = store.get();
  const count = show.channels.length;
  if (count === 0) return;
  const from = selected.channel ?? (step > 0 ? -1 : count);
  chooseChannel(store, Math.min(Math.max(from + step, 0), count - 1), positionUs);
}

export function laneUp(store) {
  stepLane(store, -1);
}

export function laneDown(store) {
  stepLane(store, 1);
}

function stepLine(store, step) {
  const { show, selected, positionUs } = store.get();
  const lines = linesThatDo(show);
  if (lines.length === 0) return;
  const from = selected.line ?? lineAt(show, positionUs) ?? lines[0] - 1;
  const next = step > 0 ? lines.find((line) => line > from) : lines.findLast((line) => line < from);
  if (next !== undefined) chooseLine(store, next);
}

export function lineUp(store) {
  stepLine(store, -1);
}

export function lineDown(store) {
  stepLine(store, 1);
}

// The next warning or mistake below the chosen line, and the first one after the last.
export function nextNote(store) {
  const { show, mistakes, selected } = store.get();
  const note = noteAfter(show, mistakes, selected.line);
  if (note) chooseLine(store, note.line);
}
