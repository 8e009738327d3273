// What is heard now, from the coarse time that an audio element tells. Pure: the readings are arguments.
//
// The element's time is that of the sound at the speaker: browsers take the delay of the output off, since they show films by
// it. (Only sound that passes through an AudioContext is later than its element says; this page uses none.) But it moves in
// steps of 10 to 70 ms, and between them it is behind what is heard. So the true line lies near the top of the last
// readings. When a sound begins it is the other way round: a browser is up to 60 ms ahead for some readings.

const WINDOW_MS = 400; // several steps; the clocks of card and machine drift by nothing in it
const NEAR_TOP = 0.85; // of the readings in their order; after a start it rises to this from the lowest
const STANDSTILL_MS = 150; // longer than a step in any browser

export function createHeardTime() {
  let readings = []; // of the last window: how far the element is before the machine's time
  let beganMs = null;
  let last = null;
  let isMoving = false;

  function forget() {
    readings = [];
    beganMs = null;
    last = null;
    isMoving = false;
  }

  function nearTop(nowMs) {
    const part = NEAR_TOP * Math.min(1, (nowMs - beganMs) / WINDOW_MS);
    const inOrder = Float64Array.from(readings, (reading) => reading.aheadUs).sort();
    return inOrder[Math.floor((inOrder.length - 1) * part)];
  }

  return {
    // After a start, a seek or another speed.
    forget,
    // The time that is heard at `nowMs`, while the element tells `tellsUs` and each millisecond plays `usAMs`; null
    // until the element's time moves.
    at(tellsUs, nowMs, usAMs) {
      if (last === null || tellsUs !== last.tellsUs) {
        isMoving = last !== null;
        last = { tellsUs, sinceMs: nowMs };
      } else if (nowMs - last.sinceMs > STANDSTILL_MS) {
        forget();
        last = { tellsUs, sinceMs: nowMs };
      }
      if (!isMoving) return null;
      beganMs ??= nowMs;
      readings.push({ atMs: nowMs, aheadUs: tellsUs - nowMs * usAMs });
      while (nowMs - readings[0].atMs > WINDOW_MS) readings.shift();
      return nearTop(nowMs) + nowMs * usAMs;
    },
  };
}
