// The sheet's text beside the lamps: the line that plays is lit and kept in sight, a line leads to its lamps and lanes,
// and what `check` tells stands at its line.

import { make } from "./elements.js";
import { lineAt } from "./lines.js";
import { sheetRow, toldRows } from "./sheet_rows.js";
import { chooseLine, goToChosen, lineDown, lineUp } from "./timeline/choose.js";
import { toldByLine } from "./told.js";
import { countBegun } from "./track.js";

export function createSheet(element, store, clock) {
  const list = make("div", { class: "sheet-lines", tabindex: "0", role: "listbox", "aria-label": "cue sheet" });
  const follow = make("button", { type: "button", class: "sheet-follow", text: "Follow the show", hidden: true });
  element.classList.add("sheet");
  element.append(list, follow);

  let rows = [];
  let changes = [];
  let shown = { lines: null, told: null, line: null, chosen: null, running: [], nextUs: -1, fromUs: 0 };
  // Why the playing line is not kept in sight: null, "scrolled", or "chosen" for a line elsewhere.
  let restingFor = null;

  function restFollowing(reason) {
    if (restingFor !== "scrolled") restingFor = reason;
    follow.hidden = false;
  }

  function followAgain() {
    restingFor = null;
    follow.hidden = true;
    if (shown.line !== null) bringIntoSight(shown.line);
  }

  function bringIntoSight(line) {
    const row = rows[line - 1];
    if (!row) return;
    const last = lastOfLine(row);
    const [top, bottom] = [row.offsetTop, last.offsetTop + last.offsetHeight];
    const margin = Math.min(list.clientHeight / 4, 120);
    const isIn = top >= list.scrollTop + margin / 2 && bottom <= list.scrollTop + list.clientHeight - margin;
    if (!isIn) list.scrollTo({ top: top - list.clientHeight / 3, behavior: isStill() ? "auto" : "smooth" });
  }

  // A person who scrolls wants to read elsewhere.
  for (const name of ["wheel", "touchmove"]) {
    list.addEventListener(name, () => restFollowing("scrolled"), { passive: true });
  }
  list.addEventListener("pointerdown", (event) => {
    if (event.target === list && event.offsetX > list.clientWidth) restFollowing("scrolled");
  });
  list.addEventListener("keydown", ({ key }) => {
    if (key === "PageUp" || key === "PageDown") restFollowing("scrolled");
  });
  // While the sheet has the focus, the arrows walk its lines; elsewhere they walk the lanes.
  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: lineUp, ArrowDown: lineDown }[event.key];
    if (step === undefined || store.get().show === null || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    step(store);
  });
  follow.addEventListener("click", followAgain);
  // A narrow screen hides the sheet, and shows it again.
  new ResizeObserver(() => {
    if (restingFor === "scrolled") return;
    bringIntoSight(restingFor === "chosen" ? shown.chosen : shown.line);
  }).observe(list);
  list.addEventListener("click", (event) => {
    const line = lineOf(event.target);
    if (line !== null) chooseLine(store, line);
  });
  list.addEventListener("dblclick", (event) => {
    if (lineOf(event.target) === null) return;
    goToChosen(store, clock);
    followAgain();
  });

  function lineOf(target) {
    const row = target.closest("[data-line]");
    return row ? Number(row.dataset.line) : null;
  }

  function fill({ show, mistakes }) {
    const told = toldByLine(show, mistakes);
    const { scrollTop } = list;
    // All at once: a list that is shown costs much for each of 100,000 lines.
    const filled = document.createDocumentFragment();
    rows = show.lines.map((text, index) => {
      const notes = told.get(index + 1) ?? [];
      const row = sheetRow(text, index + 1, notes);
      filled.append(row, ...toldRows(index + 1, notes));
      return row;
    });
    list.replaceChildren(filled);
    list.scrollTop = scrollTop;
    const moments = [...show.cues, ...show.sections].flatMap((each) => [each.start_us, each.end_us]);
    changes = [...new Set(moments)].sort((one, other) => one - other);
    shown = { ...shown, line: null, chosen: null, running: [], nextUs: -1, fromUs: 0 };
  }

  function markChosen(line) {
    rows[shown.chosen - 1]?.setAttribute("aria-selected", "false");
    rows[line - 1]?.setAttribute("aria-selected", "true");
    if (line === null) list.removeAttribute("aria-activedescendant");
    else list.setAttribute("aria-activedescendant", `sheet-line-${line}`);
    shown.chosen = line;
    if (line === null) {
      if (restingFor === "chosen") followAgain();
      return;
    }
    if (line !== shown.line) restFollowing("chosen");
    bringIntoSight(line);
  }

  // The line that started last is lit; the lines that still last have a bar.
  function markPlaying(show, us) {
    const begun = countBegun(changes, us, (change) => change);
    shown.fromUs = begun > 0 ? changes[begun - 1] : 0;
    shown.nextUs = begun < changes.length ? changes[begun] : Infinity;
    const running = [...new Set(runningLines(show, us))];
    for (const line of shown.running) if (!running.includes(line)) rows[line - 1]?.classList.remove("lasts");
    for (const line of running) rows[line - 1]?.classList.add("lasts");
    shown.running = running;
    const line = lineAt(show, us);
    if (line === shown.line) return;
    rows[shown.line - 1]?.classList.remove("plays");
    rows[shown.line - 1]?.removeAttribute("aria-current");
    rows[line - 1]?.classList.add("plays");
    rows[line - 1]?.setAttribute("aria-current", "true");
    shown.line = line;
    if (restingFor === "chosen" && line === shown.chosen) followAgain();
    else if (restingFor === null && line !== null) bringIntoSight(line);
  }

  return {
    draw(positionUs) {
      const state = store.get();
      const { show, mistakes, selected } = state;
      if (!show) return;
      if (show !== shown.lines || mistakes !== shown.told) {
        shown.lines = show;
        shown.told = mistakes;
        fill(state);
      }
      if (selected.line !== shown.chosen) markChosen(selected.line);
      if (positionUs < shown.fromUs || positionUs >= shown.nextUs || shown.nextUs < 0) markPlaying(show, positionUs);
    },
  };
}

// The last element of a line: what is told of it stands below its row.
function lastOfLine(row) {
  let last = row;
  while (last.nextElementSibling?.classList.contains("sheet-told")) last = last.nextElementSibling;
  return last;
}

function isStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function runningLines(show, us) {
  const begun = countBegun(show.cues, us, (cue) => cue.start_us);
  const cues = show.cues.slice(0, begun).filter((cue) => us < cue.end_us);
  const sections = show.sections.filter((section) => section.start_us <= us && us < section.end_us);
  return [...cues, ...sections].map((each) => each.line);
}
