// Parts of the show as blocks with their names: the sheet's headings, and the sections that it plays.

import { sectionColour } from "./palette.js";
import { shortenedText } from "./surface.js";

// Blocks that overlap get a row each, the earlier above; beyond `most` rows they share the last.
export function rowsOfBlocks(blocks, most) {
  const ends = [];
  const placed = [...blocks]
    .sort((one, other) => one.start_us - other.start_us || other.end_us - one.end_us)
    .map((block) => {
      let row = ends.findIndex((end) => end <= block.start_us);
      if (row < 0) row = Math.min(ends.length, most - 1);
      ends[row] = Math.max(ends[row] ?? 0, block.end_us);
      return { block, row };
    });
  return { rows: ends.length, placed };
}

export function namesOfSections(sections) {
  return [...new Set(sections.map((section) => section.name))];
}

function drawBlock(surface, scale, block, top, height, fill, ink) {
  const { context, width, sharp } = surface;
  const x0 = sharp(Math.max(-2, scale.xOf(block.start_us)));
  const x1 = sharp(Math.min(width + 2, scale.xOf(block.end_us)));
  if (x1 < 0 || x0 > width) return;
  const wide = Math.max(1, x1 - x0 - 1);
  context.globalAlpha = fill.alpha;
  context.fillStyle = fill.colour;
  context.fillRect(x0, top + 1, wide, height - 2);
  context.globalAlpha = 1;
  // The edge at its beginning keeps blocks of one colour apart.
  context.fillRect(x0, top + 1, Math.min(2, wide), height - 2);
  if (fill.outline) {
    context.strokeStyle = fill.outline;
    context.lineWidth = 2;
    context.strokeRect(x0 + 1, top + 2, Math.max(1, wide - 2), height - 4);
  }
  if (wide < 18 || ink === null) return;
  context.fillStyle = ink;
  const text = shortenedText(context, block.name, wide - 10);
  if (text !== "") context.fillText(text, x0 + 6, top + height / 2 + 0.5);
}

// Without names where they would be in the way.
export function drawHeadings(surface, headings, scale, palette, top, height, hasNames = true) {
  const { context } = surface;
  context.font = palette.fontOf(12, 600);
  context.textBaseline = "middle";
  headings.forEach((heading, index) => {
    const fill = { colour: palette.ink, alpha: index % 2 === 0 ? 0.16 : 0.09 };
    drawBlock(surface, scale, heading, top, height, fill, hasNames ? palette.ink : null);
  });
}

// Sections that the chosen line plays are outlined.
export function drawSections(surface, sections, placed, scale, palette, top, height, line) {
  const { context } = surface;
  const names = namesOfSections(sections);
  context.font = palette.fontOf(11);
  context.textBaseline = "middle";
  for (const { block, row } of placed) {
    const outline = line !== null && block.line === line ? palette.accent : null;
    const fill = { colour: sectionColour(names, block.name), alpha: 0.34, outline };
    drawBlock(surface, scale, block, top + row * height, height, fill, palette.ink);
  }
}

// The block at a place of its rows, or null.
export function blockAt(placed, row, us) {
  return placed.find((each) => each.row === row && us >= each.block.start_us && us < each.block.end_us)?.block ?? null;
}
