// Times as people read them. Pure.

// `1:23.4`, to the tenth of a second that has begun.
export function timeText(us) {
  const tenths = Math.floor(us / 100_000);
  const [minutes, rest] = [Math.floor(tenths / 600), tenths % 600];
  return `${minutes}:${String(Math.floor(rest / 10)).padStart(2, "0")}.${rest % 10}`;
}

// `9.2`, as the sheet writes it; nothing without a beat.
export function beatText(beat) {
  return beat === null ? "" : `${beat.bar}.${beat.beat}`;
}
