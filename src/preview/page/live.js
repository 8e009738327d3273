// Follows the program that serves the page: a saved show, mistakes, mended ones, another layout.

import { stateWithMistakes } from "./saved_text.js";
import { createNoticeOf, NOTICES } from "./status.js";

// `source` is where shows come from; `take(show)` is called with each new one, `takeLayout(layout)` when nothing else is new.
export function followProgram(source, store, take, takeLayout) {
  const tell = createNoticeOf(store);
  let asked = 0;
  let isShowDue = false;

  // Of two answers under way, the one asked for last counts.
  async function load(isWhole) {
    asked += 1;
    isShowDue ||= isWhole;
    const mine = asked;
    try {
      const show = await source.loadShow();
      if (mine !== asked) return;
      tell(null);
      hand(show);
    } catch (error) {
      if (mine === asked) tell(error.message);
    }
  }

  function hand(show) {
    if (isShowDue || store.get().show === null) take(show);
    else takeLayout(show.layout);
    isShowDue = false;
  }

  const tellMistakes = (mistakes) => store.set(stateWithMistakes(store.get(), mistakes));

  const events = new EventSource("events");
  let wasLost = false;
  events.addEventListener("open", () => {
    if (!wasLost) return;
    wasLost = false;
    tell(null);
    load(true);
  });
  events.addEventListener("error", () => {
    wasLost = true;
    tell(NOTICES.lost);
  });
  // A new connection is told the edition that the page may have already.
  events.addEventListener("show", ({ data }) => {
    tellMistakes(null);
    if (JSON.parse(data).edition !== store.get().show?.edition) load(true);
  });
  events.addEventListener("layout", () => load(false));
  events.addEventListener("mistakes", ({ data }) => tellMistakes(JSON.parse(data)));
  events.addEventListener("mended", () => tellMistakes(null));
}
