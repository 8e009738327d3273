// The panel of the chosen lamp while lamps are moved: size, colour, and in an exported page the text to copy.

import { make } from "./elements.js";
import { LAMP_COLOURS } from "./lamp_colour.js";
import { lampPlaces, layoutText } from "./lamp_place.js";
import { NOTICES } from "./status.js";

const EDIT_HINT = "Drag a lamp, or choose one with tab and move it with the arrows. ? shows all keys.";
const PHOTO_HINT = "For a photograph behind the lamps, put one beside the sheet: the same name and .jpg.";

export function createLayoutPanel(element, store, edit, isServed) {
  const name = make("h2", {});
  const hint = make("p", { class: "hint is-for-keys" });
  const size = make("input", { type: "range", id: "lamp-size", min: "1", max: "40", step: "0.5" });
  const colour = make("input", { type: "color", id: "lamp-colour", "aria-label": "Any colour" });
  const swatches = LAMP_COLOURS.map(({ name: told, value }) => {
    const swatch = make("button", {
      type: "button",
      class: "swatch",
      title: told,
      "aria-label": told,
      onclick: () => edit.setColour(value),
    });
    swatch.style.setProperty("--lamp", value);
    return { swatch, value };
  });
  const text = make("textarea", {
    id: "layout-text",
    readonly: true,
    rows: "5",
    spellcheck: "false",
    "aria-label": "layout.toml",
  });
  const copied = make("button", { type: "button", text: "Copy", onclick: copy });
  const forCopy = make("div", { class: "for-copy" }, [make("p", { text: NOTICES.exported }), text, copied]);
  element.append(
    name,
    make("label", { class: "size" }, [make("span", { text: "size" }), size]),
    make("div", { class: "swatches", role: "group", "aria-label": "Colour" }, [
      ...swatches.map(({ swatch }) => swatch),
      colour,
    ]),
    make("button", { type: "button", id: "edit-done", text: "Done", onclick: edit.toggle }),
    hint,
    ...(isServed ? [] : [forCopy]),
  );
  size.addEventListener("input", () => edit.setSize(Number(size.value)));
  colour.addEventListener("input", () => edit.setColour(colour.value));

  async function copy() {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      copied.textContent = "Copied";
    } catch {
      copied.textContent = "Press Ctrl-C"; // the text is selected
    }
  }

  store.on(["edit", "selected", "layout", "show"], (state) => {
    element.hidden = !state.edit || state.show === null;
    if (element.hidden) return;
    const chosen = state.selected.channel;
    const place = chosen === null ? null : lampPlaces(state.show, state.layout)[chosen];
    name.textContent = chosen === null ? "Choose a lamp" : state.show.channels[chosen].name;
    name.title = name.textContent;
    hint.textContent = state.layout.photo === null ? `${EDIT_HINT} ${PHOTO_HINT}` : EDIT_HINT;
    copied.textContent = "Copy";
    if (!isServed) text.value = layoutText(state.layout);
    if (place === null) return;
    size.value = place.size;
    size.style.setProperty("--done", `${((size.value - size.min) / (size.max - size.min)) * 100}%`);
    colour.value = place.colour;
    for (const { swatch, value } of swatches) swatch.setAttribute("aria-pressed", String(value === place.colour));
  });
}
