// Moves lamps over the photograph, or over a dark ground, and gives them size and colour: by pointer and by keyboard.

import { nextLampColour } from "./lamp_colour.js";
import { movedPlace, resizedPlace, SIZE_STEP } from "./lamp_place.js";

const KEY_STEP = 0.5; // percent

// `lamps` is the element with the lamps, `keeper` shows and keeps a change.
export function createLayoutEdit(lamps, store, keeper) {
  const isOn = () => store.get().edit;
  const indexOf = (lamp) => Number(lamp.dataset.index);
  let drag = null;

  // The lamp with the focus, else the chosen one.
  function current() {
    const focused = document.activeElement?.closest?.(".lamp") ?? null;
    return focused !== null ? indexOf(focused) : store.get().selected.channel;
  }

  function changeCurrent(changed) {
    const index = current();
    if (isOn() && index !== null) keeper.change(index, changed(keeper.placeOf(index)));
  }

  function place(changed) {
    changeCurrent((before) => ({ ...changed(before), isPlaced: true }));
  }

  function toggle() {
    const edit = !isOn();
    store.set({ edit });
    if (!edit) return keeper.finish();
    const chosen = store.get().selected.channel ?? 0;
    lamps.querySelector(`.lamp[data-index="${chosen}"]`)?.focus();
  }

  lamps.addEventListener("focusin", ({ target }) => {
    const lamp = target.closest(".lamp");
    if (isOn() && lamp !== null) store.set({ selected: { ...store.get().selected, channel: indexOf(lamp) } });
  });
  lamps.addEventListener("pointerdown", (event) => {
    const lamp = event.target.closest(".lamp");
    if (!isOn() || lamp === null || event.button !== 0) return;
    lamp.focus(); // Safari gives a pressed button no focus
    event.preventDefault();
    lamp.setPointerCapture(event.pointerId);
    drag = {
      index: indexOf(lamp),
      x: event.clientX,
      y: event.clientY,
      place: keeper.placeOf(indexOf(lamp)),
      box: lamps.querySelector(".picture").getBoundingClientRect(),
    };
  });
  lamps.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const byX = ((event.clientX - drag.x) / drag.box.width) * 100;
    const byY = ((event.clientY - drag.y) / drag.box.height) * 100;
    if (!drag.isMoving && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 3) return;
    drag.isMoving = true;
    keeper.change(drag.index, { ...movedPlace(drag.place, byX, byY), isPlaced: true });
  });
  function drop() {
    if (drag !== null) keeper.finish();
    drag = null;
  }
  lamps.addEventListener("pointerup", drop);
  lamps.addEventListener("pointercancel", drop);
  // What is not kept yet is kept before the page goes.
  window.addEventListener("pagehide", () => keeper.finish());

  return {
    toggle,
    move: (byX, byY) => place((before) => movedPlace(before, byX * KEY_STEP, byY * KEY_STEP)),
    resize: (by) => place((before) => resizedPlace(before, by * SIZE_STEP)),
    recolour: (step) => changeCurrent((before) => ({ ...before, colour: nextLampColour(before.colour, step) })),
    // From the panel: any colour, any size.
    setColour: (colour) => changeCurrent((before) => ({ ...before, colour })),
    setSize: (size) => place((before) => resizedPlace(before, size - before.size)),
  };
}
