// What is marked in place: what `check` warns of, what the rig's rules changed, and the cues of the chosen line. By
// shape and hatching, not by colour alone.

import { cuesOfLine } from "../lines.js";
import { isError, isInSheet, toldNow } from "../told.js";
import { countBegun } from "../track.js";
import { lanesInSight } from "./lanes.js";
import { hatchPattern, markSymbol } from "./symbols.js";

// Symbols nearer than this are one.
const SYMBOL_SPACE = 13;
// On a lane symbols have more space, or they would hide the light; the hatching shows the rest.
const LANE_SYMBOL_SPACE = 64;

const marksOfShows = new WeakMap();

// What is marked in a show, found once: `{ notes, rules }`.
function marksOf(show) {
  if (!marksOfShows.has(show)) marksOfShows.set(show, { notes: markedNotes(show), rules: rulesByChannel(show) });
  return marksOfShows.get(show);
}

function rulesByChannel(show) {
  const byChannel = show.channels.map(() => []);
  for (const rule of show.rules) byChannel[rule.channel]?.push(rule);
  for (const rules of byChannel) rules.sort((one, other) => one.start_us - other.start_us);
  return byChannel;
}

function markedNotes(show) {
  return toldNow(show, null).map((note) => {
    const cues = isInSheet(show, note) ? cuesOfLine(show, note.line) : [];
    const startUs = Number.isInteger(note.start_us) ? note.start_us : (cues[0]?.start_us ?? null);
    return { note, cues, startUs, kind: isError(note) ? "error" : "warning" };
  });
}

// What the rules changed on a channel, in order of time.
export function rulesOfChannel(show, channel) {
  return marksOf(show).rules[channel];
}

// What is told of moments of the show that plays: `{ startUs, kind: "error" | "warning", note }` in order of time. A
// note without a moment has that of its line's first cue; mistakes of a file that does not play have none.
export function timesOfNotes(show) {
  const timed = marksOf(show).notes.filter((each) => each.startUs !== null);
  return timed.sort((one, other) => one.startUs - other.startUs);
}

// The notes whose symbol is at `x` of the row of marks.
export function notesNear(show, scale, x) {
  return timesOfNotes(show).filter((each) => Math.abs(scale.xOf(each.startUs) - x) <= SYMBOL_SPACE);
}

export function drawNoteSymbols(surface, show, scale, palette, top, height) {
  const { context } = surface;
  let free = -Infinity;
  for (const { startUs, kind } of timesOfNotes(show)) {
    const x = scale.xOf(startUs);
    if (x < free || x < -SYMBOL_SPACE || x > surface.width + SYMBOL_SPACE) continue;
    markSymbol(context, kind, x, top + height / 2, palette);
    free = x + SYMBOL_SPACE;
  }
}

// `place` is that of the lanes: `{ laneHeight, scrollTop }`.
export function drawLaneMarks(surface, show, line, scale, palette, place) {
  const { laneHeight, scrollTop } = place;
  const { first, end } = lanesInSight(show.channels.length, laneHeight, scrollTop, surface.height);
  const box = (startUs, endUs, lane) => {
    const x0 = Math.max(-4, scale.xOf(startUs));
    const x1 = Math.min(surface.width + 4, scale.xOf(endUs));
    if (x1 < 0 || x0 > surface.width || lane < first || lane >= end) return null;
    const y = surface.sharp(lane * laneHeight - scrollTop);
    return { x: surface.sharp(x0), y, wide: Math.max(3, x1 - x0), high: laneHeight };
  };
  for (let lane = first; lane < end; lane += 1) {
    drawRules(surface, rulesOfChannel(show, lane), lane, box, scale, palette);
  }
  const symbols = [];
  for (const { cues, startUs, kind } of marksOf(show).notes) {
    for (const cue of cues) {
      hatchNotedCue(surface, cue, kind, box, palette);
      if (cue.start_us === startUs) symbols.push({ cue, kind });
    }
  }
  drawLaneSymbols(surface, symbols, box, palette);
  if (line !== null) for (const cue of cuesOfLine(show, line)) drawChosenCue(surface, cue, box, palette);
}

function drawRules(surface, rules, lane, box, scale, palette) {
  const { context } = surface;
  let free = -Infinity;
  let drawn = -Infinity;
  // Rules may overlap: the ones that began before the view and still last are found by looking from the beginning.
  const until = countBegun(rules, scale.toUs, (rule) => rule.start_us);
  for (let index = 0; index < until; index += 1) {
    const rule = rules[index];
    if (rule.end_us < scale.fromUs) continue;
    const area = box(rule.start_us, rule.end_us, lane);
    if (!area || area.x + area.wide < drawn + 1) continue;
    drawn = area.x + area.wide;
    context.fillStyle = hatchPattern(context, "down", palette.ink);
    context.globalAlpha = 0.5;
    context.fillRect(area.x, area.y + 1, area.wide, area.high - 2);
    context.globalAlpha = 1;
    if (area.x < free) continue;
    markSymbol(context, "rule", area.x + 8, area.y + area.high / 2, palette);
    free = area.x + LANE_SYMBOL_SPACE;
  }
}

// All cues of a line that is told of are hatched along their foot.
function hatchNotedCue(surface, cue, kind, box, palette) {
  const { context } = surface;
  context.fillStyle = hatchPattern(context, "up", kind === "error" ? palette.error : palette.warn);
  context.globalAlpha = 0.55;
  for (const lane of cue.channels) {
    const area = box(cue.start_us, cue.end_us, lane);
    if (area) context.fillRect(area.x, area.y + area.high - 7, area.wide, 6);
  }
  context.globalAlpha = 1;
}

// The cue that is told of has the symbol.
function drawLaneSymbols(surface, symbols, box, palette) {
  const free = new Map();
  for (const { cue, kind } of symbols.sort((one, other) => one.cue.start_us - other.cue.start_us)) {
    for (const lane of cue.channels) {
      const area = box(cue.start_us, cue.end_us, lane);
      if (!area || area.x < (free.get(lane) ?? -Infinity)) continue;
      markSymbol(surface.context, kind, area.x + 8, area.y + area.high / 2, palette);
      free.set(lane, area.x + LANE_SYMBOL_SPACE);
    }
  }
}

function drawChosenCue(surface, cue, box, palette) {
  const { context } = surface;
  for (const lane of cue.channels) {
    const area = box(cue.start_us, cue.end_us, lane);
    if (!area) continue;
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.14;
    context.fillRect(area.x, area.y, area.wide, area.high);
    context.globalAlpha = 1;
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.5;
    context.strokeRect(area.x + 0.75, area.y + 1.75, Math.max(1, area.wide - 1.5), area.high - 4.5);
  }
}
