// The help: every key and what it does, and what the shapes of the lamps mean.

import { make } from "./elements.js";
import { KEYS } from "./keys.js";

const SHAPES = [
  ["relay", "relay: on or off, it clicks"],
  ["switched", "solid-state relay: on or off, silent"],
  ["dimmed", "dimmed lamp"],
];

function rowsOf(rows) {
  return rows.map(({ shown, what }) => {
    const keys = shown.split(" ").map((key) => make("kbd", { text: key }));
    return make("tr", {}, [make("th", { scope: "row" }, keys), make("td", { text: what })]);
  });
}

// Returns what opens it, and closes it again.
export function createKeyHelp(dialog) {
  const shapes = SHAPES.map(([shape, told]) =>
    make("li", {}, [make("span", { class: "shape", "data-shape": shape }, [make("span", { class: "glass" })]), told]),
  );
  const close = make("button", {
    type: "button",
    class: "close",
    "aria-label": "Close",
    text: "✕",
    onclick: () => dialog.close(),
  });
  dialog.append(
    make("div", { class: "dialog-head" }, [
      make("h2", { id: "key-help-title", text: "Keys", tabindex: "-1", autofocus: true }),
      close,
    ]),
    make("div", { class: "key-tables" }, [
      make("table", {}, rowsOf(KEYS.filter((row) => !row.edit))),
      make("div", {}, [
        make("h3", { text: "While lamps are moved" }),
        make("table", {}, rowsOf(KEYS.filter((row) => row.edit))),
        make("h3", { text: "Lamps" }),
        make("ul", { class: "shapes" }, shapes),
      ]),
    ]),
  );
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "?") return;
    event.preventDefault(); // else the page would open it again
    dialog.close();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return () => (dialog.open ? dialog.close() : dialog.showModal());
}
