// Which lamps stand together, and how large: every channel once, in the groups of the rig. Pure.

// A channel of several groups stands in the smallest: a group that holds nearly all tells nothing.
export function groupsToShow(show) {
  const groupOf = new Map();
  const bySize = [...show.groups].sort((a, b) => a.channels.length - b.channels.length);
  for (const group of bySize) {
    for (const channel of group.channels) if (!groupOf.has(channel)) groupOf.set(channel, group);
  }
  const shown = show.groups.map((group) => ({
    name: group.name,
    channels: [...new Set(group.channels)].filter((channel) => groupOf.get(channel) === group),
  }));
  const alone = show.channels.map((_, index) => index).filter((index) => !groupOf.has(index));
  return [...shown, { name: null, channels: alone }].filter((group) => group.channels.length > 0);
}

const SMALLEST_TILE = 44; // pixels: a finger finds it
const LARGEST_TILE = 190;

// What a group takes beside its lamps, in pixels, as `style.css` has it.
const WIDE_FRAME = { gap: 12, heading: 34, border: 18 };
const NARROW_FRAME = { gap: 6, heading: 24, border: 10 };

// How wide a lamp with its name may be so that all fit in an area of pixels; the smallest where they do not.
export function tileSize(widthPx, heightPx, groups, isNarrow) {
  const frame = isNarrow ? NARROW_FRAME : WIDE_FRAME;
  for (let tile = LARGEST_TILE; tile > SMALLEST_TILE; tile -= 2) {
    if (heightOfTiles(widthPx, tile, groups, frame) <= heightPx) return tile;
  }
  return SMALLEST_TILE;
}

// A bulb, and two lines of a name.
const tileHeight = (tile) => tile * 0.63 + Math.min(Math.max(11, tile * 0.125), 16) * 2.35;

// Groups flow beside one another as words do.
function heightOfTiles(widthPx, tile, groups, frame) {
  let [usedPx, lineHeight, height] = [0, 0, 0];
  for (const group of groups) {
    const across = Math.min(group.channels.length, Math.max(1, Math.floor((widthPx - frame.border) / tile)));
    const blockWidth = across * tile + frame.border;
    const blockHeight = frame.heading + Math.ceil(group.channels.length / across) * tileHeight(tile);
    if (usedPx > 0 && usedPx + frame.gap + blockWidth > widthPx) {
      height += lineHeight + frame.gap;
      [usedPx, lineHeight] = [0, 0];
    }
    usedPx += (usedPx > 0 ? frame.gap : 0) + blockWidth;
    lineHeight = Math.max(lineHeight, blockHeight);
  }
  return height + lineHeight;
}
