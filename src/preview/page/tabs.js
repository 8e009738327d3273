// On a narrow screen one of timeline, sheet and notes is shown; on a wide one all are.

import { make } from "./elements.js";

const TABS = [
  ["timeline", "Timeline"],
  ["sheet", "Sheet"],
  ["notes", "Warnings"],
];

export function createTabs(element, store) {
  const buttons = TABS.map(([name, label]) =>
    make("button", {
      type: "button",
      role: "tab",
      id: `tab-${name}`,
      "aria-controls": name,
      text: label,
      onclick: () => choose(name),
    }),
  );
  element.append(...buttons);

  function choose(name) {
    document.body.dataset.tab = name;
    buttons.forEach((button, index) => {
      const isChosen = TABS[index][0] === name;
      button.setAttribute("aria-selected", String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
    });
  }
  element.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = buttons.indexOf(event.target);
    if (by === undefined || at < 0) return;
    event.preventDefault();
    const next = (at + by + TABS.length) % TABS.length;
    choose(TABS[next][0]);
    buttons[next].focus();
  });
  store.on(["show", "mistakes"], ({ show, mistakes }) => {
    const count = (mistakes ?? show)?.told.length ?? 0;
    buttons.at(-1).textContent =
      count === 0 ? TABS.at(-1)[1] : `${mistakes === null ? "Warnings" : "Mistakes"} ${count}`;
  });
  choose("timeline");
}
