// The keys: one table, which the help shows too. Knows no elements but the one that has the focus.

// `keys` as the browser calls them, with `Shift+` before those that have no other letter with it. `edit` marks what
// holds while lamps are moved; it goes before the others.
export const KEYS = [
  { keys: [" "], shown: "space", what: "play or pause", action: "playOrPause" },
  { keys: ["ArrowLeft", "ArrowRight"], shown: "← →", what: "a beat back, on", action: ["beatBack", "beatOn"] },
  {
    keys: ["Shift+ArrowLeft", "Shift+ArrowRight"],
    shown: "shift ← →",
    what: "a bar back, on",
    action: ["barBack", "barOn"],
  },
  { keys: ["Home", "End"], shown: "home end", what: "to the start, to the end", action: ["toStart", "toEnd"] },
  { keys: ["l"], shown: "l", what: "repeat the part that plays; again: play on", action: "loopPart" },
  { keys: ["[", "]"], shown: "[ ]", what: "repeat from here, up to here", action: ["loopFromHere", "loopToHere"] },
  { keys: ["h"], shown: "h", what: "half speed", action: "halfSpeed" },
  { keys: ["+", "=", "-"], shown: "+ −", what: "zoom in, out", action: ["zoomIn", "zoomIn", "zoomOut"] },
  { keys: ["0"], shown: "0", what: "the whole show", action: "zoomAll" },
  { keys: ["ArrowUp", "ArrowDown"], shown: "↑ ↓", what: "the channel above, below", action: ["laneUp", "laneDown"] },
  { keys: ["k", "j"], shown: "k j", what: "the line above, below", action: ["lineUp", "lineDown"] },
  { keys: ["Enter"], shown: "enter", what: "go to the cue of the chosen channel or line", action: "goToChosen" },
  { keys: ["n"], shown: "n", what: "the next warning or mistake", action: "nextNote" },
  { keys: ["m"], shown: "m", what: "sound off, on", action: "mute" },
  { keys: ["e"], shown: "e", what: "move lamps", action: "editLamps" },
  { keys: ["?"], shown: "?", what: "this help", action: "help" },
  { keys: ["Escape"], shown: "esc", what: "choose nothing", action: "chooseNothing" },
  { edit: true, keys: ["Tab"], shown: "tab", what: "the next lamp", action: null },
  {
    edit: true,
    keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
    shown: "← → ↑ ↓",
    what: "move it",
    action: ["lampLeft", "lampRight", "lampUp", "lampDown"],
  },
  {
    edit: true,
    keys: ["Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown"],
    shown: "shift ← → ↑ ↓",
    what: "move it ten times as far",
    action: ["lampFarLeft", "lampFarRight", "lampFarUp", "lampFarDown"],
  },
  { edit: true, keys: ["<", ">"], shown: "< >", what: "smaller, larger", action: ["lampSmaller", "lampLarger"] },
  {
    edit: true,
    keys: ["c", "Shift+C"],
    shown: "c C",
    what: "its next colour, the one before",
    action: ["lampColourOn", "lampColourBack"],
  },
  { edit: true, keys: ["Escape"], shown: "esc", what: "done", action: "editLamps" },
];

// What a key that is pressed means: a name of the table, or null.
export function actionOfKey({ key, shiftKey }, isEdit) {
  const isPlain = key.length === 1;
  const isShiftedLetter = isPlain && shiftKey && key.toLowerCase() !== key.toUpperCase();
  const small = isPlain ? key.toLowerCase() : key;
  const called = isShiftedLetter
    ? [`Shift+${small.toUpperCase()}`, small]
    : [shiftKey && !isPlain ? `Shift+${key}` : small];
  for (const name of called) {
    for (const row of [...KEYS.filter((each) => each.edit && isEdit), ...KEYS.filter((each) => !each.edit)]) {
      const at = row.keys.indexOf(name);
      if (at >= 0) return Array.isArray(row.action) ? row.action[at] : row.action;
    }
  }
  return null;
}

const WRITES = "textarea, select, input:not([type=range])";
const SLIDES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

// What has the focus keeps its own keys: a field its letters, a slider its arrows, a button its press.
function belongsToFocus(event) {
  const at = event.target;
  if (at.closest("dialog[open]") !== null) return true;
  if (at.matches(WRITES)) return event.key !== "Escape";
  if (at.matches("input[type=range]:not(.follows-keys)")) return SLIDES.has(event.key);
  // A lamp is chosen with enter: space plays, also while lamps are moved.
  if (event.key === " ") return at.closest("button:not(.lamp), a, summary, [role=option]") !== null;
  return event.key === "Enter" && at.closest("button, a, summary, [role=option]") !== null;
}

// `actions` has a function for each name of the table.
export function listenToKeys(actions, store) {
  // Some browsers press a button when the space bar comes up again.
  document.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target.closest(".lamp") !== null) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const isThirdLevel = event.getModifierState("AltGraph"); // where `[` needs it
    if (event.defaultPrevented || event.isComposing) return;
    if (event.metaKey || ((event.ctrlKey || event.altKey) && !isThirdLevel)) return;
    if (belongsToFocus(event)) return;
    const action = actionOfKey(event, store.get().edit);
    if (action === null || store.get().show === null) return;
    event.preventDefault();
    actions[action]();
  });
}
