// Which line of the sheet is behind a moment, a light or a part of the show. Line numbers begin at 1.

import { countBegun } from "./track.js";

const startOfCue = (cue) => cue.start_us;
const startOfBeat = (beat) => beat[0];

// The line of the cue that started last, as the program shows it in a terminal; null before the first.
export function lineAt(show, us) {
  const begun = countBegun(show.cues, us, startOfCue);
  return begun === 0 ? null : show.cues[begun - 1].line;
}

// The cues of a line, in order of start: a line in a section that plays twice has them twice.
export function cuesOfLine(show, line) {
  return show.cues.filter((cue) => cue.line === line);
}

// The cue that a channel follows at `us`: the one that started last and lasts; where none lasts, the one that started
// last. Null before its first.
export function cueBehind(show, channel, us) {
  let latest = null;
  for (let index = countBegun(show.cues, us, startOfCue) - 1; index >= 0; index -= 1) {
    const cue = show.cues[index];
    if (!cue.channels.includes(channel)) continue;
    if (us < cue.end_us) return cue;
    latest ??= cue;
  }
  return latest;
}

// Where a line is heard: the start of its cue that plays at `us`, else of the next, else of its last. Null without cues.
export function startOfLine(show, line, us) {
  const cues = cuesOfLine(show, line);
  if (cues.length === 0) return null;
  const playing = cues.filter((cue) => cue.start_us <= us && us < cue.end_us).at(-1);
  const next = cues.find((cue) => cue.start_us > us);
  return (playing ?? next ?? cues.at(-1)).start_us;
}

// The bar and beat at `us`, as people count them; null before the first beat and without a tempo.
export function beatAt(show, us) {
  const begun = countBegun(show.beats, us, startOfBeat);
  if (begun === 0) return null;
  const [startUs, bar, beat] = show.beats[begun - 1];
  return { startUs, bar, beat };
}

// The part of the show that plays: the longest section that does, else the heading above; null in none.
export function partAt(show, us) {
  const lasts = (part) => part.start_us <= us && us < part.end_us;
  const length = (part) => part.end_us - part.start_us;
  const longest = (parts) => parts.filter(lasts).reduce((a, b) => (a === null || length(b) > length(a) ? b : a), null);
  return longest(show.sections) ?? longest(show.headings);
}

// The heading above and the sections that play, for a person to read: each name once.
export function partNames(show, us) {
  const playing = [...show.headings, ...show.sections].filter((part) => part.start_us <= us && us < part.end_us);
  return [...new Set(playing.map((part) => part.name))];
}
