// The page: makes its parts, and draws them once a frame at the time of the clock.

import { createActions } from "./actions.js";
import { createClock } from "./clock.js";
import { releaseAfterPointer } from "./elements.js";
import { runFrames } from "./frames.js";
import { createKeyHelp } from "./key_help.js";
import { listenToKeys } from "./keys.js";
import { createLamps } from "./lamps.js";
import { createLayoutEdit } from "./layout_edit.js";
import { createLayoutKeeper } from "./layout_keep.js";
import { createLayoutPanel } from "./layout_panel.js";
import { followProgram } from "./live.js";
import { createNotes } from "./notes.js";
import { stateWithMistakes } from "./saved_text.js";
import { createSheet } from "./sheet.js";
import { changedState, isSameSound } from "./show_change.js";
import { createSource } from "./source.js";
import { createNoticeOf, createStatus, NOTICES } from "./status.js";
import { createStore, emptyState } from "./store.js";
import { createTabs } from "./tabs.js";
import { createTimeline } from "./timeline/timeline.js";
import { createTransport } from "./transport.js";

const at = (id) => document.getElementById(id);
const store = createStore(emptyState());
const source = createSource();
const audio = at("music");
const clock = createClock(null, 0);
const keeper = createLayoutKeeper(store, source.isServed);
const edit = createLayoutEdit(at("lamps"), store, keeper);
const actions = createActions(store, clock, {
  edit,
  mute: () => (audio.muted = !audio.muted),
  help: createKeyHelp(at("key-help")),
});

createStatus(at("status"), store);
createTabs(at("tabs"), store);
createLayoutPanel(at("edit-panel"), store, edit, source.isServed);
const lamps = createLamps(at("lamps"), store, (named) => source.address("photo", named));
const transport = createTransport(at("transport"), store, clock, audio, (name) => actions[name]());
const timeline = createTimeline(at("timeline"), store, clock);
const sheet = createSheet(at("sheet"), store, clock);
createNotes(at("notes"), store);
listenToKeys(actions, store);

store.on(["loop"], ({ loop }) => clock.setLoop(loop));
store.on(["speed"], ({ speed }) => clock.setSpeed(speed));
store.on(["edit"], ({ edit: isOn }) => {
  document.body.classList.toggle("is-edit", isOn);
  at("edit-button").setAttribute("aria-pressed", String(isOn));
});
at("edit-button").addEventListener("click", (event) => (releaseAfterPointer(event), actions.editLamps()));
at("help-button").addEventListener("click", (event) => (releaseAfterPointer(event), actions.help()));

const tellOfSound = createNoticeOf(store);

// A show that is loaded, at first or after a save: it goes on from the same place.
function take(show) {
  const before = store.get();
  if (show.sound !== null && !isSameSound(before.show, show)) {
    audio.src = source.address("sound", show.sound.address);
    clock.soundChanged();
  }
  clock.adopt(show.sound === null ? null : audio, show.length_us);
  const changed = { ...changedState(before, show), layout: keeper.merged(show.layout) };
  store.set({ ...changed, ...stateWithMistakes(changed, before.mistakes) });
  at("show-title").textContent = show.title || show.name;
  document.title = `${show.title || show.name} – starcourt preview`;
}

let soundNotice = null;
function tellSound() {
  const fault = clock.soundFault();
  const notice = fault !== null ? NOTICES[fault] : clock.isWaiting() ? NOTICES.waiting : null;
  if (notice !== soundNotice) tellOfSound(notice);
  soundNotice = notice;
}

async function begin() {
  const show = await source.loadShow().catch((error) => createNoticeOf(store)(error.message));
  if (show !== undefined) take(show);
  if (source.isServed) followProgram(source, store, take, (layout) => store.set({ layout: keeper.merged(layout) }));
  runFrames(() => {
    if (store.get().show === null) return;
    const us = clock.nowUs();
    store.set({ positionUs: us, playing: clock.isPlaying() });
    lamps.draw(us);
    transport.draw(us);
    timeline.draw(us);
    sheet.draw(us);
    tellSound();
  });
}

begin();
