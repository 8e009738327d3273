// The rows of the sheet as elements: a numbered line in its parts, and what is told of it below. Text only, never markup.

import { isError } from "./told.js";

const HEAD_WORDS = /^(title|audio|length|tempo|section)\b/;

function textPart(className, text) {
  const part = document.createElement("span");
  part.className = className;
  part.textContent = text;
  return part;
}

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
  const row = document.createElement("div");
  row.className = "sheet-line";
  row.id = `sheet-line-${number}`;
  row.dataset.line = String(number);
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", "false");
  if (notes.length > 0) row.classList.add(notes.some(isError) ? "has-error" : "has-warning");
  row.append(textPart("sheet-number", String(number)));
  const body = textPart("sheet-text", "");
  for (const part of partsOfLine(text)) body.append(part.kind === "" ? part.text : textPart(`sheet-${part.kind}`, part.text));
  row.append(body);
  return row;
}

// What is told of a line, below it: a symbol, the title, what is wrong there, and what helps.
export function toldRows(notes) {
  return notes.map((note) => {
    const row = document.createElement("div");
    row.className = `sheet-told ${isError(note) ? "is-error" : "is-warning"}`;
    row.append(textPart("told-symbol", isError(note) ? "✕" : "▲"));
    const words = textPart("told-words", "");
    words.append(textPart("told-title", note.title));
    if (note.label) words.append(textPart("told-label", note.label));
    for (const help of note.help ?? []) words.append(textPart("told-help", help));
    row.append(words);
    return row;
  });
}
