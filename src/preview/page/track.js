// The light of one channel at a time. Its pieces are those that the program compiled: nothing is read twice.

import { rampLevelAt } from "./ramp.js";

// How many of `items`, in order of `startOf(item)`, have begun at `us`.
export function countBegun(items, us, startOf) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startOf(items[middle]) <= us) low = middle + 1;
    else high = middle;
  }
  return low;
}

const startOfPiece = (piece) => piece[0];

// What a piece `[start, level]` or `[start, rampStart, over, from, to, easing]` shows at a time of its track.
export function pieceLevelAt(piece, us) {
  if (piece.length === 2) return piece[1];
  return rampLevelAt(piece[1], piece[2], piece[3], piece[4], piece[5], us);
}

// The level that is seen at `us` of the show, in hundredths of a per cent. A slow contact gets its signal early: its
// light is seen `lead_us` after that.
export function levelAt(channel, us) {
  const sentUs = Math.max(0, Math.floor(us) - channel.lead_us);
  const begun = countBegun(channel.light, sentUs, startOfPiece);
  return begun === 0 ? 0 : pieceLevelAt(channel.light[begun - 1], sentUs);
}
