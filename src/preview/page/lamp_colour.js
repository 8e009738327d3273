// How a level looks on a screen, and the colours of lamps.

// A warm white lamp, until the layout says otherwise.
export const LAMP_COLOUR = "#ffd9a0";

// What the key for the colour goes through.
export const LAMP_COLOURS = [
  { name: "warm white", value: LAMP_COLOUR },
  { name: "white", value: "#f4f6ff" },
  { name: "amber", value: "#ffae42" },
  { name: "orange", value: "#ff7a2b" },
  { name: "red", value: "#ff3b30" },
  { name: "pink", value: "#ff5fb0" },
  { name: "violet", value: "#a76bff" },
  { name: "blue", value: "#4d7dff" },
  { name: "cyan", value: "#4fe3ff" },
  { name: "green", value: "#48e06a" },
];

// The luminance of a level, 0 to 1: CIE 1931 lightness (CIE 15:2004, 8.2.1) turned round, as the program dims.
export function luminanceOf(level) {
  const lightness = level / 100;
  return lightness <= 8 ? lightness / 903.3 : ((lightness + 16) / 116) ** 3;
}

// How much of a lit lamp is laid over a dark one on an sRGB screen, 0 to 1, so that its luminance is that of the level
// (IEC 61966-2-1).
export function shareOnScreen(level) {
  const luminance = luminanceOf(level);
  return luminance <= 0.003_130_8 ? 12.92 * luminance : 1.055 * luminance ** (1 / 2.4) - 0.055;
}

// A colour as `#rrggbb`; the usual one for all that is none.
export function lampColour(colour) {
  return typeof colour === "string" && /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : LAMP_COLOUR;
}

// The colour after this one in the list, or before it.
export function nextLampColour(colour, step) {
  const at = LAMP_COLOURS.findIndex(({ value }) => value === lampColour(colour));
  const count = LAMP_COLOURS.length;
  return LAMP_COLOURS[(((at < 0 ? 0 : at + step) % count) + count) % count].value;
}
