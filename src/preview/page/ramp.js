// A fade between two levels, as the program's `timeline/ramp.rs` computes it: in integers, equal to the last hundredth.

const FINEST_STEP_US = 5_000;
const HALF_WORD = 2 ** 16;
const WORD = 2 ** 32;

// floor(x · y / 2³²), exact for x below 2³⁴ and y up to 2³²: a double has no room for the product itself.
function timesFraction(x, y) {
  const [xHigh, yHigh] = [Math.floor(x / HALF_WORD), Math.floor(y / HALF_WORD)];
  const [xLow, yLow] = [x - xHigh * HALF_WORD, y - yHigh * HALF_WORD];
  return xHigh * yHigh + Math.floor(((xHigh * yLow + xLow * yHigh) * HALF_WORD + xLow * yLow) / WORD);
}

// floor(part · 2³² / whole), exact below 2³⁷ µs: no show is longer than 24 hours (below 2³⁷ µs).
function fractionOf(part, whole) {
  const high = Math.floor((part * HALF_WORD) / whole);
  const rest = part * HALF_WORD - high * whole;
  return high * HALF_WORD + Math.floor((rest * HALF_WORD) / whole);
}

function ease(progress, easing) {
  if (easing === "linear") return progress;
  const square = timesFraction(progress, progress);
  if (easing === "in") return square;
  if (easing === "out") return 2 * progress - square;
  return 3 * square - timesFraction(2 * square, progress);
}

// The level at `us` of a fade that begins at `startUs` and takes `overUs`, in hundredths of a per cent.
export function rampLevelAt(startUs, overUs, from, to, easing, us) {
  if (us >= startUs + overUs) return to;
  const distance = Math.abs(from - to);
  const stepUs = Math.max(FINEST_STEP_US, Math.floor(overUs / Math.max(1, distance)));
  const elapsedUs = Math.floor(Math.max(0, us - startUs) / stepUs) * stepUs;
  const eased = ease(fractionOf(elapsedUs, Math.max(1, overUs)), easing);
  const moved = Math.floor((distance * eased + WORD / 2) / WORD);
  return to >= from ? from + moved : from - moved;
}
