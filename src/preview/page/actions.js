// What each key and button does.

import { SHORTEST_LOOP_US } from "./clock.js";
import { partAt } from "./lines.js";
import { rangeToLoop, stepFrom } from "./steps.js";
import { goToChosen, laneDown, laneUp, lineDown, lineUp, nextNote } from "./timeline/choose.js";
import { zoomAll, zoomIn, zoomOut } from "./timeline/view.js";

// A function for each name in the table of keys. `edit` moves lamps, `mute` and `help` do what they say.
export function createActions(store, clock, { edit, mute, help }) {
  const show = () => store.get().show;
  const step = (by, unit) => () => clock.seek(stepFrom(show(), clock.nowUs(), by, unit));

  // A range that is too short or turned round begins or ends with the show instead.
  function loop(fromUs, toUs) {
    if (toUs - fromUs < SHORTEST_LOOP_US) return;
    store.set({ loop: { fromUs, toUs } });
  }

  return {
    playOrPause: () => (clock.isPlaying() ? clock.pause() : clock.play()),
    beatBack: step(-1, "beat"),
    beatOn: step(1, "beat"),
    barBack: step(-1, "bar"),
    barOn: step(1, "bar"),
    toStart: () => clock.seek(0),
    toEnd: () => clock.seek(show().length_us),
    loopPart() {
      if (store.get().loop !== null) return store.set({ loop: null });
      const us = clock.nowUs();
      const { fromUs, toUs } = rangeToLoop(show(), partAt(show(), us), us);
      loop(fromUs, toUs);
    },
    loopFromHere() {
      const [us, range] = [clock.nowUs(), store.get().loop];
      loop(us, range !== null && range.toUs - us >= SHORTEST_LOOP_US ? range.toUs : show().length_us);
    },
    loopToHere() {
      const [us, range] = [clock.nowUs(), store.get().loop];
      loop(range !== null && us - range.fromUs >= SHORTEST_LOOP_US ? range.fromUs : 0, us);
    },
    halfSpeed: () => store.set({ speed: store.get().speed === 1 ? 0.5 : 1 }),
    zoomIn: () => zoomIn(store),
    zoomOut: () => zoomOut(store),
    zoomAll: () => zoomAll(store),
    laneUp: () => laneUp(store),
    laneDown: () => laneDown(store),
    lineUp: () => lineUp(store),
    lineDown: () => lineDown(store),
    goToChosen: () => goToChosen(store, clock),
    nextNote: () => nextNote(store),
    chooseNothing: () => store.set({ selected: Object.freeze({ channel: null, line: null }) }),
    mute,
    help,
    editLamps: edit.toggle,
    lampLeft: () => edit.move(-1, 0),
    lampRight: () => edit.move(1, 0),
    lampUp: () => edit.move(0, -1),
    lampDown: () => edit.move(0, 1),
    lampFarLeft: () => edit.move(-10, 0),
    lampFarRight: () => edit.move(10, 0),
    lampFarUp: () => edit.move(0, -10),
    lampFarDown: () => edit.move(0, 10),
    lampSmaller: () => edit.resize(-1),
    lampLarger: () => edit.resize(1),
    lampColourOn: () => edit.recolour(1),
    lampColourBack: () => edit.recolour(-1),
  };
}
