// What `check` tells of a show, as the page needs it: which lines it is about, and which comes next. Pure.

// Mistakes of the file as it was saved last, if it has some; else the warnings of the show that plays.
export function toldNow(show, mistakes) {
  return mistakes ? mistakes.told : show.told;
}

// The file that a person edits as the cue sheet: a line of another file is not one of the sheet.
export function isInSheet(show, note) {
  if (!Number.isInteger(note.line) || note.line < 1) return false;
  const file = (note.file ?? "").split(/[\\/]/).pop();
  return file === "" || file === `${show.name}.show`;
}

// By line of the sheet: a line beyond its end counts as its last.
export function toldByLine(show, mistakes) {
  const byLine = new Map();
  for (const note of toldNow(show, mistakes)) {
    if (!isInSheet(show, note)) continue;
    const line = Math.min(note.line, Math.max(1, show.lines.length));
    if (!byLine.has(line)) byLine.set(line, []);
    byLine.get(line).push(note);
  }
  return byLine;
}

// The note at the first line after `line`, or from the top again; null if no line has one.
export function noteAfter(show, mistakes, line) {
  const lines = [...toldByLine(show, mistakes).keys()].sort((one, other) => one - other);
  if (lines.length === 0) return null;
  return { line: lines.find((each) => line !== null && each > line) ?? lines[0] };
}

// Where a note is, in words: `line 12`, or `line 3 of rig.toml` for another file.
export function placeOfNote(show, note) {
  const file = (note.file ?? "").split(/[\\/]/).pop();
  if (!Number.isInteger(note.line)) return file;
  return isInSheet(show, note) || file === "" ? `line ${note.line}` : `line ${note.line} of ${file}`;
}

export function isError(note) {
  return note.severity === "error";
}
