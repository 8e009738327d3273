// What the timeline says in words: of the place under the pointer, and of what is chosen. Pure.

import { beatAt, cueBehind } from "../lines.js";
import { levelAt } from "../track.js";
import { placeOfNote } from "../told.js";
import { rulesOfChannel } from "./marks.js";
import { minutesAndSeconds } from "./ruler.js";

const KINDS = { relay: "relay", ssr: "solid-state relay", pwm: "dimmed", dimmer: "dimmed on the network" };

export function kindInWords(channel) {
  return KINDS[channel.kind] ?? channel.kind;
}

// `9.2 · 0:18.420`
export function momentInWords(show, us) {
  const beat = beatAt(show, us);
  const time = minutesAndSeconds(us, 3);
  return beat ? `${beat.bar}.${beat.beat} · ${time}` : time;
}

export function levelInWords(channel, level) {
  if (!channel.dims) return level > 0 ? "on" : "off";
  return level % 100 === 0 ? `${level / 100} %` : `${(level / 100).toFixed(1)} %`;
}

// The line as the sheet has it, its spaces made single.
export function lineInWords(show, line) {
  const text = (show.lines[line - 1] ?? "").trim().replace(/\s+/g, " ");
  return text === "" ? `line ${line}` : `line ${line}: ${text}`;
}

// What the rules change counts from `nearUs` before it to `nearUs` after it: a flash that they leave out takes no time.
export function laneInWords(show, index, us, nearUs) {
  const channel = show.channels[index];
  const parts = [`${channel.name} ${levelInWords(channel, levelAt(channel, us))}`, momentInWords(show, us)];
  const cue = cueBehind(show, index, us);
  if (cue) parts.push(lineInWords(show, cue.line));
  const isNear = (rule) => us >= rule.start_us - nearUs && us <= rule.end_us + nearUs;
  const rule = rulesOfChannel(show, index).find(isNear);
  if (rule) parts.push(`rule of the rig: ${rule.what}`);
  return parts.join(" · ");
}

export function noteInWords(show, note) {
  return [note.title, placeOfNote(show, note)].filter((part) => part).join(" · ");
}

// What is chosen, for a screen reader and the line below the timeline. Without a level: it would be old in a moment.
export function chosenInWords(show, { channel, line }) {
  const parts = [];
  const own = channel === null ? undefined : show.channels[channel];
  if (own) parts.push(`${own.name}, ${kindInWords(own)}`);
  if (line !== null) parts.push(lineInWords(show, line));
  return parts.join(" · ");
}
