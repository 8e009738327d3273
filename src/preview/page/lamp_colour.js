// How a level looks on a screen, and the colours of lamps.

// A warm white lamp, until the layout says otherwise.
export const LAMP_COLOUR = "#ffd9a0";

// The colours that `layout.toml` knows by name (`layout/colour.rs`); the key for the colour goes through them.
export const LAMP_COLOURS = [
  { name: "warm white", value: LAMP_COLOUR },
  { name: "white", value: "#fff4e5" },
  { name: "cold white", value: "#dfeaff" },
  { name: "red", value: "#ff3b30" },
  { name: "orange", value: "#ff952b" },
  { name: "amber", value: "#ffb000" },
  { name: "yellow", value: "#ffe03d" },
  { name: "green", value: "#3de06a" },
  { name: "cyan", value: "#3de0e0" },
  { name: "blue", value: "#4a7dff" },
  { name: "purple", value: "#a85cff" },
  { name: "pink", value: "#ff6fb5" },
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
