// Where a step by a beat, a bar or a second leads. Pure.

import { countBegun } from "./track.js";

const startOfStep = (beat) => beat[0];
// A press soon after a beat goes to the one before: while it plays nobody could get past a beat otherwise.
const JUST_PASSED_US = 200_000;
const SECONDS_US = { beat: 1_000_000, bar: 5_000_000 };

// `by` is 1 or -1; `unit` is "beat" or "bar". Without a tempo they are a second and five.
export function stepFrom(show, us, by, unit) {
  const stops = unit === "bar" ? show.beats.filter(([, , beat]) => beat === 1) : show.beats;
  const within = (target) => Math.min(Math.max(0, target), show.length_us);
  if (stops.length === 0) return within(us + by * SECONDS_US[unit]);
  if (by > 0) return within(stops[countBegun(stops, us, startOfStep)]?.[0] ?? show.length_us);
  const index = countBegun(stops, us, startOfStep) - 1;
  if (index < 0) return 0;
  const isJustPassed = us - stops[index][0] < Math.min(JUST_PASSED_US, lengthOfStep(stops, index) / 2);
  return isJustPassed ? (stops[index - 1]?.[0] ?? 0) : stops[index][0];
}

function lengthOfStep(stops, index) {
  return index > 0 ? stops[index][0] - stops[index - 1][0] : Infinity;
}

// The range to loop at `us`: the part that plays, else the bar, else five seconds.
export function rangeToLoop(show, part, us) {
  if (part !== null) return { fromUs: part.start_us, toUs: part.end_us };
  const bars = show.beats.filter(([, , beat]) => beat === 1);
  const begun = countBegun(bars, us, startOfStep);
  if (begun > 0) return { fromUs: bars[begun - 1][0], toUs: bars[begun]?.[0] ?? show.length_us };
  return { fromUs: us, toUs: Math.min(show.length_us, us + SECONDS_US.bar) };
}
