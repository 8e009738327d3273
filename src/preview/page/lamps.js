// The lamps: each channel a bulb that glows as its light does. In the groups of the rig, or where they hang.

import { make } from "./elements.js";
import { lampColour, shareOnScreen } from "./lamp_colour.js";
import { groupsToShow, tileSize } from "./lamp_groups.js";
import { hasPicture, lampPlaces } from "./lamp_place.js";
import { createPicture, makePhoto } from "./picture.js";
import { cueBehind, cuesOfLine } from "./lines.js";
import { createNoticeOf } from "./status.js";
import { levelAt } from "./track.js";

// More lamps than this get no layer of their own: their memory would cost more than their painting.
const MOST_LAYERS = 64;
const NARROW = matchMedia("(max-width: 899px), (max-height: 520px)"); // as in style.css

// A name breaks after its dashes: two lines tell `window_left` from `window_right`.
function namePieces(name) {
  return name.split(/(?<=[_-])/).flatMap((piece, index) => (index === 0 ? [piece] : [make("wbr"), piece]));
}

// `address(name)` is where the photograph is. `draw(us)` shows the levels at a time; it writes only what differs.
export function createLamps(element, store, address) {
  const tell = createNoticeOf(store);
  let channels = [];
  let bulbs = [];
  let groups = [];
  let picture = null;
  let kept = { photo: null, img: null };
  let drawnUs = null;
  let area = { width: 0, height: 0 }; // inside the padding

  function makeBulb(channel, index) {
    const [lit, core, glow] = ["lit", "core", "glow"].map((part) => make("span", { class: part }));
    const shape = channel.dims ? "dimmed" : channel.kind === "relay" ? "relay" : "switched";
    const groupsOf = store
      .get()
      .show.groups.filter((group) => group.channels.includes(index))
      .map(({ name }) => name);
    const told = [channel.name, channel.kind, ...groupsOf].join(", ");
    const lamp = make(
      "button",
      { type: "button", class: "lamp", title: told, "aria-label": told, "aria-pressed": "false" },
      [
        make("span", { class: "bulb" }, [glow, make("span", { class: "glass" }), lit, core]),
        make("span", { class: "lamp-name" }, namePieces(channel.name)),
      ],
    );
    Object.assign(lamp.dataset, { channel: channel.name, level: "0", shape, index });
    return { lamp, lit, core, glow, pool: null, level: 0 };
  }

  function build() {
    const { show, layout } = store.get();
    const focused = document.activeElement?.closest?.(".lamp")?.dataset.channel;
    channels = show.channels;
    bulbs = channels.map(makeBulb);
    groups = groupsToShow(show);
    picture = isOnPicture() ? createPicture(photoOf(layout), bulbs, takePhoto) : null;
    element.classList.toggle("is-light-work", channels.length <= MOST_LAYERS);
    element.replaceChildren(...(picture === null ? groups.map(makeGroup) : [picture.element]));
    arrange();
    fit();
    mark();
    drawAgain();
    bulbs.find(({ lamp }) => lamp.dataset.channel === focused)?.lamp.focus();
  }

  // At once: the lamps of a show that was saved are not dark for a frame.
  function drawAgain() {
    const us = drawnUs ?? store.get().positionUs;
    drawnUs = null;
    draw(us);
  }

  // Its address changes when the photograph does. Until the new one is there the old one stays, also after each save.
  function photoOf({ photo }) {
    if (photo === null) return null;
    if (kept.photo !== photo) {
      kept.img ??= makePhoto();
      kept.img.src = address(photo);
      kept.photo = photo;
    }
    return kept.img;
  }

  function makeGroup(group) {
    const heading = make("h2", { text: group.name ?? (groups.length > 1 ? "in no group" : "") });
    const tiles = make(
      "div",
      { class: "tiles" },
      group.channels.map((index) => bulbs[index].lamp),
    );
    const block = make("div", { class: "lamp-group" }, [heading, tiles]);
    block.style.setProperty("--across", group.channels.length);
    return block;
  }

  function takePhoto(isShown) {
    tell(isShown ? null : "The browser cannot show the photograph.");
    if (isShown) return;
    kept = { photo: null, img: null };
    store.set({ layout: { ...store.get().layout, photo: null } });
  }

  // Whoever moves lamps needs a ground to hang them on, with or without a photograph.
  function isOnPicture() {
    const { edit, layout } = store.get();
    return edit || hasPicture(layout);
  }

  // Colours, and places where there are some.
  function arrange() {
    const places = lampPlaces({ channels }, store.get().layout);
    bulbs.forEach(({ lamp }, index) => lamp.style.setProperty("--lamp", lampColour(places[index].colour)));
    picture?.place(places);
  }

  function fit() {
    const { width, height } = area;
    if (width === 0) return;
    if (picture !== null) picture.fit(width, height);
    else element.style.setProperty("--tile", `${tileSize(width, height, groups, NARROW.matches)}px`);
  }

  // The chosen lamp, and those of the chosen line.
  function mark() {
    const { show, selected } = store.get();
    const ofLine = new Set(
      selected.line === null ? [] : cuesOfLine(show, selected.line).flatMap((cue) => cue.channels),
    );
    bulbs.forEach(({ lamp }, index) => {
      lamp.setAttribute("aria-pressed", String(selected.channel === index));
      lamp.classList.toggle("is-of-line", ofLine.has(index));
    });
  }

  function draw(us) {
    if (us === drawnUs) return;
    drawnUs = us;
    for (let index = 0; index < bulbs.length; index += 1) {
      const bulb = bulbs[index];
      const level = levelAt(channels[index], us);
      if (level === bulb.level) continue;
      bulb.level = level;
      const share = shareOnScreen(level);
      bulb.lamp.dataset.level = level;
      bulb.lit.style.opacity = share;
      bulb.core.style.opacity = share ** 3; // a dim lamp is not white inside
      bulb.glow.style.opacity = share;
      if (bulb.pool !== null) bulb.pool.style.opacity = share;
    }
  }

  element.addEventListener("click", (event) => {
    const lamp = event.target.closest(".lamp");
    if (lamp === null) return;
    const { show, positionUs } = store.get();
    const channel = Number(lamp.dataset.index);
    store.set({ selected: { channel, line: cueBehind(show, channel, positionUs)?.line ?? null } });
  });
  let builtOf = { show: null, hasPhoto: false, isPicture: false };
  store.on(["show", "layout", "edit"], ({ show, layout }) => {
    if (show === null) return;
    const isPicture = isOnPicture();
    const hasPhoto = photoOf(layout) !== null;
    const isSame = builtOf.show === show && builtOf.hasPhoto === hasPhoto && builtOf.isPicture === isPicture;
    builtOf = { show, hasPhoto, isPicture };
    if (isSame) arrange();
    else build();
  });
  store.on(["selected"], () => store.get().show !== null && mark());
  new ResizeObserver(([{ contentRect }]) => {
    area = contentRect;
    fit();
  }).observe(element);
  return { draw };
}
