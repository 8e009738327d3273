// One line at the head for what a person has to know: mistakes in the sheet, a lost program, a sound that fails.

export const NOTICES = {
  lost: "The preview program has ended, or it cannot be reached. The last show plays on.",
  refused: "The browser wants a press first. Press play.",
  broken: "The browser cannot play this sound. The lights go on without it.",
  waiting: "Waiting for the sound …",
  exported: "This page cannot write files. Copy the text below into layout.toml, beside the rig.",
};

// For one part of the page: it shows its notice, and with null takes away its own and no other's.
export function createNoticeOf(store) {
  let mine = null;
  return (notice) => {
    if (notice === null && store.get().notice !== mine) return;
    mine = notice;
    store.set({ notice });
  };
}

// The line for a state: mistakes go before all else.
export function statusText({ mistakes, notice }) {
  const count = mistakes?.told.filter((note) => note.severity === "error").length ?? 0;
  if (mistakes !== null) {
    const mistake = count === 1 ? "1 mistake" : count > 1 ? `${count} mistakes` : "A mistake";
    return `${mistake} in what was saved. The last good show plays on.`;
  }
  return notice ?? "";
}

export function createStatus(element, store) {
  store.on(["mistakes", "notice"], (state) => {
    element.textContent = statusText(state);
    element.dataset.kind = state.mistakes !== null ? "error" : state.notice !== null ? "notice" : "none";
  });
}
