// Play, time, repeat, speed and volume.

import { make, makeIcon, releaseAfterPointer } from "./elements.js";
import { beatAt, partNames } from "./lines.js";
import { beatText, timeText } from "./time_text.js";

const ICONS = {
  start: "M6 5h2v14H6zM20 5v14L9 12z",
  back: "M12 5v14L3 12zM21 5v14l-9-7z",
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  on: "M12 5v14l9-7zM3 5v14l9-7z",
  loop: "M17 2l4 4-4 4V7H7a3 3 0 0 0-3 3v1H2v-1a5 5 0 0 1 5-5h10zM7 22l-4-4 4-4v3h10a3 3 0 0 0 3-3v-1h2v1a5 5 0 0 1-5 5H7z",
  loud: "M3 9v6h4l5 5V4L7 9zM15.5 8.2v7.6a4.5 4.5 0 0 0 0-7.6zM15.5 4v2.1a6.5 6.5 0 0 1 0 11.8V20a8.5 8.5 0 0 0 0-16z",
  silent:
    "M3 9v6h4l5 5V4L7 9zM22 9.4L20.6 8 18 10.6 15.4 8 14 9.4l2.6 2.6L14 14.6l1.4 1.4L18 13.4l2.6 2.6 1.4-1.4-2.6-2.6z",
};

// `run(name)` does what the key of that name does. `draw(us)` shows the time.
export function createTransport(element, store, clock, audio, run) {
  const button = (icon, label, action, extra = {}) => {
    const press = (event) => (releaseAfterPointer(event), run(action));
    return make("button", { type: "button", "aria-label": label, title: label, onclick: press, ...extra }, [
      makeIcon(ICONS[icon]),
    ]);
  };
  const play = button("play", "Play", "playOrPause", { id: "play" });
  const loop = button("loop", "Repeat the part that plays", "loopPart", { id: "loop", "aria-pressed": "false" });
  const half = make("button", {
    type: "button",
    id: "half-speed",
    "aria-pressed": "false",
    title: "Half speed",
    "aria-label": "½× half speed",
    text: "½×",
    onclick: (event) => (releaseAfterPointer(event), run("halfSpeed")),
  });
  const mute = button("loud", "Sound", "mute", { id: "mute", "aria-pressed": "false" });
  const volume = make("input", {
    type: "range",
    id: "volume",
    min: "0",
    max: "100",
    value: "100",
    "aria-label": "Volume",
  });
  const time = make("span", { id: "time", title: "Time" });
  const length = make("span", { id: "length" });
  const beat = make("span", { id: "beat", title: "Bar and beat" });
  const part = make("p", { id: "part" });
  const seek = make("input", {
    type: "range",
    id: "seek",
    class: "follows-keys",
    min: "0",
    value: "0",
    "aria-label": "Position",
  });
  element.append(
    seek,
    make("div", { class: "clock" }, [make("p", { class: "now" }, [time, length, beat]), part]),
    make("div", { class: "buttons" }, [
      button("start", "To the start", "toStart", { class: "wide-only" }),
      button("back", "A bar back", "barBack"),
      play,
      button("on", "A bar on", "barOn"),
      loop,
      half,
    ]),
    make("div", { class: "sound" }, [mute, volume]),
  );

  const shown = { time: "", beat: "", part: "", seek: -1 };
  function draw(us) {
    const { show } = store.get();
    time.dataset.us = us;
    write(time, "time", timeText(us));
    write(beat, "beat", beatText(beatAt(show, us)));
    write(part, "part", partNames(show, us).join(" · "));
    const tenth = Math.floor(us / 100_000);
    if (tenth === shown.seek) return;
    shown.seek = tenth;
    seek.value = us;
    seek.setAttribute("aria-valuetext", timeText(us));
    seek.style.setProperty("--done", `${(100 * us) / show.length_us}%`);
  }
  function write(place, name, text) {
    if (shown[name] === text) return;
    shown[name] = text;
    place.textContent = text;
  }

  function showPlaying({ playing }) {
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    play.title = playing ? "Pause" : "Play";
    play.replaceChildren(makeIcon(ICONS[playing ? "pause" : "play"]));
    play.classList.toggle("is-playing", playing);
  }
  function showVolume() {
    mute.replaceChildren(makeIcon(ICONS[audio.muted ? "silent" : "loud"]));
    mute.setAttribute("aria-pressed", String(audio.muted));
    mute.title = audio.muted ? "Sound is off" : "Sound is on";
    volume.value = Math.round(audio.volume * 100);
    volume.style.setProperty("--done", `${volume.value}%`);
  }
  seek.addEventListener("input", () => clock.seek(Number(seek.value)));
  seek.addEventListener("change", () => seek.blur());
  volume.addEventListener("input", () => {
    audio.muted = false;
    audio.volume = Number(volume.value) / 100;
  });
  audio.addEventListener("volumechange", showVolume);
  store.on(["playing"], showPlaying);
  store.on(["loop"], (state) => loop.setAttribute("aria-pressed", String(state.loop !== null)));
  store.on(["speed"], (state) => half.setAttribute("aria-pressed", String(state.speed !== 1)));
  store.on(["show"], ({ show }) => {
    length.textContent = `/ ${timeText(show.length_us)}`;
    seek.max = show.length_us;
    Object.assign(shown, { part: null, beat: null, seek: -1 });
    element.classList.toggle("is-silent", show.sound === null);
  });
  showVolume();
  return { draw };
}
