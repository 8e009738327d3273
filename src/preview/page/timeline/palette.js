// The colours of the timeline, read once from the style sheet's variables: a canvas knows no CSS.

// The size of the page's letters that the sizes here are meant for.
const USUAL_FONT_PX = 15;

const FALLBACKS = {
  ground: "#0e0b16",
  panel: "#191426",
  ink: "#f4e8d4",
  dim: "#a79bbd",
  accent: "#7fd6ff",
  light: "#ffd9a0",
  warn: "#ffb000",
  error: "#ff7a7a",
};

// The colours of sections: told apart by people who see colours differently, and named besides.
const SECTION_COLOURS = ["#6f8ff0", "#d9728f", "#3fae9f", "#c99a3a", "#9a7be0", "#8fa354"];

// A lamp darker than this on the screen would be lost on the dark ground.
const LEAST_BRIGHTNESS = 0.42;

export function readPalette(element) {
  const style = getComputedStyle(element);
  const palette = {};
  for (const [name, fallback] of Object.entries(FALLBACKS)) {
    palette[name] = style.getPropertyValue(`--${name}`).trim() || fallback;
  }
  // Letters grow with the page's: `fontOf(12)` is a font of 12 pixels where the page has its usual size.
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_FONT_PX || 1;
  const family = style.fontFamily || "sans-serif";
  palette.fontOf = (pixels, weight = 400) => `${weight} ${pixels * size}px ${family}`;
  return palette;
}

export function sectionColour(names, name) {
  return SECTION_COLOURS[names.indexOf(name) % SECTION_COLOURS.length] ?? SECTION_COLOURS[0];
}

// The colour of a channel's lane: that of its lamp, bright enough to be seen.
export function laneColour(lamp, light) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(lamp?.colour ?? "");
  if (!match) return light;
  const parts = match.slice(1).map((part) => parseInt(part, 16) / 255);
  const brightness = 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2];
  if (brightness >= LEAST_BRIGHTNESS) return lamp.colour;
  const lift = (LEAST_BRIGHTNESS - brightness) / (1 - brightness);
  const lifted = parts.map((part) => Math.round((part + (1 - part) * lift) * 255));
  return `rgb(${lifted.join(" ")})`;
}
