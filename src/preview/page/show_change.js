// What stays and what goes when the show is loaded again. Pure.

// Whether the sound need not be loaded again.
export function isSameSound(before, show) {
  return before !== null && JSON.stringify(before.sound) === JSON.stringify(show.sound);
}

// The state with a new show: what was chosen stays chosen, by name, and the view and the loop stay inside its length.
export function changedState(before, show) {
  const { selected, loop, view } = before;
  const isFirst = before.show === null;
  const name = selected.channel === null ? null : before.show.channels[selected.channel]?.name;
  const channel = show.channels.findIndex((each) => each.name === name);
  const toUs = (range) => Math.min(range.toUs, show.length_us);
  const fits = (range) => range.fromUs < toUs(range);
  const isWhole = isFirst || (view.fromUs === 0 && view.toUs >= before.show.length_us);
  return {
    show,
    view: isWhole || !fits(view) ? { fromUs: 0, toUs: show.length_us } : { fromUs: view.fromUs, toUs: toUs(view) },
    loop: loop === null || !fits(loop) ? null : { fromUs: loop.fromUs, toUs: toUs(loop) },
    selected: {
      channel: channel < 0 ? null : channel,
      line: selected.line !== null && selected.line <= show.lines.length ? selected.line : null,
    },
  };
}
