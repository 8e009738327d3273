// The list of what `check` tells: mistakes of the last save as it writes them, and warnings, with a way to each; and
// what the rules of the rig change.

import { make } from "./elements.js";
import { kindClass, symbolPart, toldParts } from "./sheet_rows.js";
import { chooseLine, chooseRule } from "./timeline/choose.js";
import { rulesOfChannel } from "./timeline/marks.js";
import { isError, isInSheet, placeOfNote, toldNow } from "./told.js";

// So many different changes of a channel are told in words.
const CHANGES_TOLD = 3;

export function createNotes(element, store) {
  // A mistake is said at once; its place is there before its text is, else a screen reader does not say it.
  const alert = make("div", { class: "notes-alert", role: "alert" });
  const list = make("div", { class: "notes-list" });
  element.classList.add("notes");
  element.append(alert, list);

  function fill({ show, mistakes }) {
    alert.replaceChildren();
    list.replaceChildren();
    if (!show) return;
    if (mistakes) {
      const lead = "The file has mistakes since it was last saved. The show from before plays on.";
      element.scrollTop = 0;
      const text = make("pre", { class: "notes-text", text: mistakes.text, tabindex: "0" });
      alert.append(make("p", { class: "notes-lead", text: lead }), text);
    }
    const notes = toldNow(show, mistakes);
    const isEmpty = notes.length === 0 && show.rules.length === 0 && !mistakes;
    element.classList.toggle("is-empty", isEmpty);
    if (isEmpty) list.append(make("p", { class: "notes-none", text: "Nothing to warn of." }));
    if (notes.length > 0) list.append(make("h2", { class: "notes-heading", text: countedNotes(notes) }));
    list.append(...notes.map((note) => noteRow(show, note)));
    if (show.rules.length > 0) list.append(...ruleRows(show));
  }

  function noteRow(show, note) {
    const parts = toldParts(note, placeOfNote(show, note));
    const row = make("button", { type: "button", class: `note ${kindClass(note)}` }, parts);
    if (isInSheet(show, note)) row.addEventListener("click", () => chooseLine(store, note.line));
    else row.disabled = true;
    return row;
  }

  // One row for all that rules do to a channel: a show may have thousands.
  function ruleRows(show) {
    const rows = [make("h2", { class: "notes-heading", text: "What the rules of the rig change" })];
    show.channels.forEach((channel, index) => {
      const rules = rulesOfChannel(show, index);
      if (rules.length === 0) return;
      const times = rules.length === 1 ? "once" : `${rules.length} times`;
      const changes = [...new Set(rules.map((rule) => rule.what))].slice(0, CHANGES_TOLD);
      const words = make("span", { class: "told-words" }, [
        make("span", { class: "told-title", text: channel.name }),
        make("span", { class: "told-place", text: times }),
        ...changes.map((text) => make("span", { class: "told-help", text })),
      ]);
      const onclick = () => chooseRule(store, index, rules);
      rows.push(make("button", { type: "button", class: "note is-rule", onclick }, [symbolPart("⊘"), words]));
    });
    return rows;
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
