// The photograph of the place at night: dark where no lamp shines, and lit by those that do.

import { make } from "./elements.js";

const WIDE = 16 / 9; // where there is no photograph

export function makePhoto() {
  return make("img", { class: "photo", alt: "", draggable: "false" });
}

// `photo` is null where the lamps have places but no photograph. `onPhoto` hears whether the
// photograph can be shown.
export function createPicture(photo, bulbs, onPhoto) {
  const pools = make("div", { class: "pools" });
  const element = make("div", { class: photo === null ? "picture" : "picture has-photo" }, [
    make("div", { class: "ground" }, photo === null ? [pools] : [pools, photo]),
    ...bulbs.map(({ lamp }) => lamp),
  ]);
  for (const bulb of bulbs) {
    bulb.pool = make("span", { class: "pool" });
    pools.append(bulb.pool);
  }
  let box = { width: 0, height: 0 };

  function fit(width, height) {
    box = { width, height };
    const ratio = photo !== null && photo.naturalWidth > 0 ? photo.naturalWidth / photo.naturalHeight : WIDE;
    const fitted = Math.min(width, height * ratio);
    element.style.width = `${Math.floor(fitted)}px`;
    element.style.height = `${Math.floor(fitted / ratio)}px`;
  }
  if (photo !== null) {
    photo.onload = () => {
      fit(box.width, box.height);
      onPhoto(true);
    };
    photo.onerror = () => onPhoto(false);
  }

  return {
    element,
    fit,
    place(places) {
      bulbs.forEach(({ lamp, pool }, index) => {
        const { x, y, size, colour, isPlaced } = places[index];
        for (const { style } of [lamp, pool]) {
          style.left = `${x}%`;
          style.top = `${y}%`;
          style.setProperty("--size", size);
          style.setProperty("--lamp", colour);
        }
        lamp.classList.toggle("is-unplaced", !isPlaced);
        lamp.classList.toggle("is-low", y > 85); // its name goes above it
      });
    },
  };
}
