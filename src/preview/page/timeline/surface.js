// A canvas that is drawn in the pixels of its screen, and lines that are sharp on it.

// Gives `canvas` the size that its place has. Returns what it is drawn with, in CSS pixels, or null if it has no size.
export function fitSurface(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.max(0, Math.round(width * ratio)), Math.max(0, Math.round(height * ratio))];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  if (wide === 0 || high === 0) return null;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, sharp: (at) => Math.round(at * ratio) / ratio, hair: 1 / ratio };
}

// Vertical lines as one fill: much quicker than a stroke each.
export function fillColumns(surface, places, top, height, width) {
  const { context, sharp } = surface;
  context.beginPath();
  for (const x of places) context.rect(sharp(x), top, width, height);
  context.fill();
}

// `text`, shortened to `width`; empty if not even two letters fit.
export function shortenedText(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? "" : `${text.slice(0, low)}…`;
}
