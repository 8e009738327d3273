// The rows of the sheet as elements: a numbered line in its parts, and what is told of it below. Text, never markup.

import { make } from "./elements.js";
import { isError } from "./told.js";

const HEAD_WORDS = /^(title|audio|length|tempo|section)\b/;

// A line as its parts: `{ text, kind }` with the kinds "when", "comment", "heading", "head" and "". A `#` begins a
// comment at the beginning of a line and after a space, outside of double quotes.
export function partsOfLine(line) {
  const comment = commentAt(line);
  const cue = line.slice(0, comment);
  const rest = line.slice(comment);
  const parts = [];
  const word = /^(\s*)(\S+)/.exec(cue);
  if (word) {
    const [, space, first] = word;
    const isTime = /^[\d+]/.test(first);
    const isHead = HEAD_WORDS.test(first) || first === "steps";
    if (space !== "") parts.push({ text: space, kind: "" });
    parts.push({ text: first, kind: isTime ? "when" : isHead ? "head" : "" });
    parts.push({ text: cue.slice(space.length + first.length), kind: "" });
  } else if (cue !== "") {
    parts.push({ text: cue, kind: "" });
  }
  if (rest !== "") parts.push({ text: rest, kind: /^#\s*-{2,}/.test(rest) ? "heading" : "comment" });
  return parts.filter((part) => part.text !== "");
}

function commentAt(line) {
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '"') isQuoted = !isQuoted;
    if (line[at] === "#" && !isQuoted && (at === 0 || /\s/.test(line[at - 1]))) return at;
  }
  return line.length;
}

export function sheetRow(text, number, notes) {
  const body = make("span", { class: "sheet-text" });
  partsOfLine(text).forEach(({ text: part, kind }, index) => {
    if (kind !== "") body.append(make("span", { class: `sheet-${kind}`, text: part }));
    else body.append(...(index === 0 ? [part] : withGaps(part)));
  });
  const told = notes.length === 0 ? "" : notes.some(isError) ? " has-error" : " has-warning";
  const id = `sheet-line-${number}`;
  const about = { class: `sheet-line${told}`, id, "data-line": number, role: "option", "aria-selected": "false" };
  if (notes.length > 0) about["aria-describedby"] = notes.map((_, index) => idOfTold(number, index)).join(" ");
  return make("div", about, [make("span", { class: "sheet-number", text: String(number) }), body]);
}

// Wide gaps between columns are elements of their own: a narrow screen makes them small.
function withGaps(text) {
  const parts = text.split(/( {3,})/).filter((part) => part !== "");
  return parts.map((part) => (part.startsWith("   ") ? make("span", { class: "sheet-gap", text: part }) : part));
}

const idOfTold = (number, index) => `sheet-told-${number}-${index}`;

// What is told of a line, below it: a symbol, the title, what is wrong there, and what helps.
export function toldRows(number, notes) {
  return notes.map((note, index) => {
    const about = { class: `sheet-told ${kindClass(note)}`, id: idOfTold(number, index), role: "presentation" };
    return make("div", about, toldParts(note, ""));
  });
}

export function kindClass(note) {
  return isError(note) ? "is-error" : "is-warning";
}

// The symbol and the words of a note; `place` is left out where it stands at its place.
export function toldParts(note, place) {
  const lines = [note.label, ...(note.help ?? [])].filter((text) => text);
  const words = [make("span", { class: "told-title", text: note.title })];
  if (place !== "") words.push(make("span", { class: "told-place", text: place }));
  words.push(...lines.map((text) => make("span", { class: "told-help", text })));
  return [symbolPart(isError(note) ? "✕" : "▲"), make("span", { class: "told-words" }, words)];
}

export function symbolPart(symbol) {
  return make("span", { class: "told-symbol", text: symbol, "aria-hidden": "true" });
}
