// Symbols that tell kinds of marks apart by their shape: a triangle warns, a cross is a mistake, a barred circle is a
// rule of the rig. And hatchings.

const patterns = new Map();

// Slanted lines in a colour; `slant` is "up" or "down".
export function hatchPattern(context, slant, colour) {
  const key = `${slant} ${colour}`;
  if (!patterns.has(key)) {
    const tile = document.createElement("canvas");
    tile.width = 6;
    tile.height = 6;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = 1.6;
    pen.beginPath();
    for (const shift of [-6, 0, 6]) {
      pen.moveTo(shift - 1, slant === "up" ? 7 : -1);
      pen.lineTo(shift + 7, slant === "up" ? -1 : 7);
    }
    pen.stroke();
    patterns.set(key, context.createPattern(tile, "repeat"));
  }
  return patterns.get(key);
}

// A symbol of about 12 pixels with its middle at `x`, `y`, readable on every ground.
export function markSymbol(context, kind, x, y, palette) {
  context.save();
  context.translate(x, y);
  context.lineJoin = "round";
  context.lineCap = "round";
  context.beginPath();
  if (kind === "warning") {
    context.moveTo(0, -6);
    context.lineTo(6.5, 5.5);
    context.lineTo(-6.5, 5.5);
    context.closePath();
  } else if (kind === "error") {
    context.rect(-6, -6, 12, 12);
  } else {
    context.arc(0, 0, 5.6, 0, 2 * Math.PI);
  }
  context.strokeStyle = palette.ground;
  context.lineWidth = 3;
  context.stroke();
  context.fillStyle = { warning: palette.warn, error: palette.error, rule: palette.ink }[kind];
  context.fill();
  context.strokeStyle = palette.ground;
  context.lineWidth = 1.8;
  context.beginPath();
  if (kind === "warning") {
    context.moveTo(0, -2.2);
    context.lineTo(0, 1.4);
    context.moveTo(0, 3.8);
    context.lineTo(0, 3.9);
  } else if (kind === "error") {
    context.moveTo(-2.6, -2.6);
    context.lineTo(2.6, 2.6);
    context.moveTo(-2.6, 2.6);
    context.lineTo(2.6, -2.6);
  } else {
    context.moveTo(-3, 3);
    context.lineTo(3, -3);
  }
  context.stroke();
  context.restore();
}
