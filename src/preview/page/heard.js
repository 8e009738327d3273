// What is heard now, from the coarse time that an audio element tells. Pure: the readings are arguments.
//
// The element's time is that of the sound at the speaker: browsers take the delay of the output off, since they show films by
// it. (Only sound that passes through an AudioContext is later than its element says; this page uses none.) But it may
// stand still for up to 100 ms between steps, and is then behind what is heard, never before it. So the reading that is
// furthest ahead of an even line is the true one.

const WINDOW_MS = 500; // long enough for many steps; a clock drifts by nothing in it
const STANDSTILL_MS = 150; // longer than a step in any browser

export function createHeardTime() {
  let current = null;
  let previous = null;
  let last = null;
  let isMoving = false;

  function forget() {
    current = null;
    previous = null;
    last = null;
    isMoving = false;
  }

  function note(offsetUs, nowMs) {
    if (current !== null && nowMs - current.sinceMs < WINDOW_MS) {
      current.bestUs = Math.max(current.bestUs, offsetUs);
      return;
    }
    const isRecent = current !== null && nowMs - current.sinceMs < 2 * WINDOW_MS;
    previous = isRecent ? current : null;
    current = { sinceMs: nowMs, bestUs: offsetUs };
  }

  return {
    // After a start, a seek or another speed.
    forget,
    isStill: () => !isMoving,
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
      note(tellsUs - nowMs * usAMs, nowMs);
      return Math.max(current.bestUs, previous?.bestUs ?? -Infinity) + nowMs * usAMs;
    },
  };
}
