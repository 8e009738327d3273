// The list of what `check` tells: mistakes of the last save as it writes them, and warnings, with a way to each.

import { chooseLine, chooseRule } from "./timeline/choose.js";
import { rulesOfChannel } from "./timeline/marks.js";
import { isError, isInSheet, placeOfNote, toldNow } from "./told.js";

function noteElement(tag, className, text) {
  const part = document.createElement(tag);
  part.className = className;
  if (text !== undefined) part.textContent = text;
  return part;
}

export function createNotes(element, store) {
  element.classList.add("notes");
  const list = noteElement("div", "notes-list");
  // A mistake is said at once; it is there before its text is, else a screen reader does not say it.
  const alert = noteElement("div", "notes-alert");
  alert.setAttribute("role", "alert");
  element.append(alert, list);

  function fill({ show, mistakes }) {
    alert.replaceChildren();
    list.replaceChildren();
    if (!show) return;
    if (mistakes) {
      const told = "The file that was saved last has mistakes. The show before it plays on.";
      alert.append(noteElement("p", "notes-lead", told), noteElement("pre", "notes-text", mistakes.text));
    }
    const notes = toldNow(show, mistakes);
    element.classList.toggle("is-empty", notes.length === 0 && show.rules.length === 0 && !mistakes);
    if (notes.length > 0) list.append(noteElement("h2", "notes-heading", countedNotes(notes)));
    for (const note of notes) list.append(noteRow(show, note));
    if (show.rules.length > 0) list.append(rulesList(show));
  }

  function noteRow(show, note) {
    const row = noteElement("button", `note ${isError(note) ? "is-error" : "is-warning"}`);
    row.type = "button";
    row.append(noteElement("span", "told-symbol", isError(note) ? "✕" : "▲"));
    const words = noteElement("span", "told-words");
    words.append(noteElement("span", "told-title", note.title), noteElement("span", "note-place", placeOfNote(show, note)));
    for (const text of [note.label, ...(note.help ?? [])]) if (text) words.append(noteElement("span", "told-help", text));
    row.append(words);
    if (isInSheet(show, note)) row.addEventListener("click", () => chooseLine(store, note.line));
    else row.disabled = true;
    return row;
  }

  // One row for all that a rule does to a channel: a show may have thousands.
  function rulesList(show) {
    const part = noteElement("div", "notes-rules");
    part.append(noteElement("h2", "notes-heading", "What the rules of the rig change"));
    for (let channel = 0; channel < show.channels.length; channel += 1) {
      const rules = rulesOfChannel(show, channel);
      if (rules.length === 0) continue;
      const row = noteElement("button", "note is-rule");
      row.type = "button";
      row.append(noteElement("span", "told-symbol", "⊘"));
      const words = noteElement("span", "told-words");
      const times = rules.length === 1 ? "" : ` · ${rules.length} times`;
      words.append(noteElement("span", "told-title", `${show.channels[channel].name}${times}`));
      for (const what of [...new Set(rules.map((rule) => rule.what))].slice(0, 3)) words.append(noteElement("span", "told-help", what));
      row.append(words);
      row.addEventListener("click", () => chooseRule(store, channel, rules));
      part.append(row);
    }
    return part;
  }

  store.on(["show", "mistakes"], fill);
  fill(store.get());
}

// `2 mistakes`, `1 warning`, `1 mistake and 3 warnings`.
export function countedNotes(notes) {
  const errors = notes.filter(isError).length;
  const counted = (count, word) => (count === 0 ? [] : [`${count} ${word}${count === 1 ? "" : "s"}`]);
  return [...counted(errors, "mistake"), ...counted(notes.length - errors, "warning")].join(" and ");
}
