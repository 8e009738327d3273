// The loudness of the music: the peaks and, more solid, what an ear hears of them.

// For every pixel from 0 to `width` the loudest peak and the largest mean of its points, in thousandths.
export function loudnessColumns(waveform, scale, columns) {
  const { points, step_us: stepUs } = waveform;
  const peaks = new Uint16Array(columns);
  const means = new Uint16Array(columns);
  const usAColumn = (scale.toUs - scale.fromUs) / columns;
  for (let column = 0; column < columns; column += 1) {
    const startUs = scale.fromUs + column * usAColumn;
    const first = Math.floor(startUs / stepUs);
    const last = Math.max(first + 1, Math.ceil((startUs + usAColumn) / stepUs));
    for (let index = Math.max(0, first); index < Math.min(last, points.length); index += 1) {
      peaks[column] = Math.max(peaks[column], points[index][0]);
      means[column] = Math.max(means[column], points[index][1]);
    }
  }
  return { peaks, means };
}

export function drawWaveform(surface, waveform, scale, palette, top, height) {
  const { context, width, hair } = surface;
  const columns = Math.max(1, Math.round(width / Math.max(hair, 0.5)));
  const { peaks, means } = loudnessColumns(waveform, scale, columns);
  const middle = top + height / 2;
  context.fillStyle = palette.accent;
  for (const [values, alpha] of [[peaks, 0.35], [means, 0.8]]) {
    context.globalAlpha = alpha;
    const reach = (column) => Math.max(hair / 2, (values[column] / 1000) * (height / 2 - 2));
    const x = (column) => (column * width) / columns;
    context.beginPath();
    context.moveTo(0, middle);
    for (let column = 0; column < columns; column += 1) context.lineTo(x(column), middle - reach(column));
    context.lineTo(width, middle);
    for (let column = columns - 1; column >= 0; column -= 1) context.lineTo(x(column), middle + reach(column));
    context.closePath();
    context.fill();
  }
  context.globalAlpha = 1;
}
