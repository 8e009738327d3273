// Draws once a frame, and measures how long that takes.

const KEPT = 600;

// `draw()` draws everything. `window.starcourtFrames` has the milliseconds of the last frames, for measurements.
export function runFrames(draw) {
  const times = [];
  window.starcourtFrames = times;
  let count = 0;
  function frame() {
    requestAnimationFrame(frame); // first: one frame that fails does not end the others
    const began = performance.now();
    draw();
    times[count % KEPT] = performance.now() - began;
    count += 1;
  }
  requestAnimationFrame(frame);
}
