// Where the show is: what is heard of its sound; the machine's time where there is none, or where it has ended.

import { createHeardTime } from "./heard.js";

// A shorter loop is more seeking than sound.
export const SHORTEST_LOOP_US = 100_000;

const US_A_SECOND = 1_000_000;
const LATE_MS = 400; // a sound that stays away for longer is worth a word

// `element` is an audio element or null. Ask `nowUs` once a frame.
export function createClock(element, lengthUs, nowMs = () => performance.now()) {
  const heard = createHeardTime();
  let audio = null;
  let endUs = lengthUs;
  let positionUs = 0; // what was answered last: while the show plays, no answer lies before it but by a seek or a loop
  let isPlaying = false;
  let speed = 1;
  let loop = null;
  let fault = null;
  let soundLeads = false;
  let machine = { us: 0, ms: 0 }; // where the show was when the machine began to lead
  let movedMs = 0; // when the sound moved last, or was asked to

  const soundEndUs = () => (Number.isFinite(audio.duration) ? audio.duration * US_A_SECOND : Infinity);
  const hasSound = () => audio !== null && fault === null;

  function giveToMachine() {
    soundLeads = false;
    machine = { us: positionUs, ms: nowMs() };
  }

  function refuse(error) {
    if (error.name === "AbortError") return; // paused before it began
    if (error.name === "NotAllowedError") {
      stand();
      fault = { what: "refused", isLasting: false };
      return;
    }
    breakSound();
  }

  function breakSound() {
    fault = { what: "broken", isLasting: true };
    if (isPlaying) giveToMachine();
  }

  // Goes on from `positionUs`, with sound where there is some.
  function run() {
    movedMs = nowMs();
    heard.forget();
    if (!hasSound() || positionUs >= soundEndUs()) {
      audio?.pause();
      giveToMachine();
      return;
    }
    soundLeads = true;
    audio.playbackRate = speed;
    // Half speed sounds an octave lower. A browser that keeps the pitch plays 60 ms beside the time that it tells.
    audio.preservesPitch = false;
    audio.play()?.catch(refuse);
  }

  function stand() {
    isPlaying = false;
    soundLeads = false;
    audio?.pause();
  }

  function place(us) {
    positionUs = Math.min(Math.max(0, Math.round(us)), endUs);
    heard.forget();
    if (audio !== null) audio.currentTime = positionUs / US_A_SECOND;
    if (isPlaying) run();
  }

  function heardUs() {
    if (audio.seeking) return positionUs;
    if (audio.ended) {
      giveToMachine();
      return positionUs;
    }
    // Too little sound to go on: what comes next counts from where it goes on.
    if (audio.readyState < 3) heard.forget();
    const us = heard.at(audio.currentTime * US_A_SECOND, nowMs(), speed * 1_000);
    if (us === null) return positionUs;
    movedMs = nowMs();
    return Math.min(us, soundEndUs());
  }

  function nowUs() {
    if (!isPlaying) return positionUs;
    const beforeUs = positionUs;
    const us = soundLeads ? heardUs() : machine.us + (nowMs() - machine.ms) * speed * 1_000;
    positionUs = Math.max(beforeUs, Math.round(us));
    const loopEndUs = loop === null ? Infinity : Math.min(loop.toUs, endUs);
    if (beforeUs < loopEndUs && positionUs >= loopEndUs) {
      // The machine's time loses nothing at the seam; the sound begins again when its seek is done.
      const passedUs = hasSound() ? 0 : (positionUs - loopEndUs) % (loopEndUs - loop.fromUs);
      place(loop.fromUs + passedUs);
    } else if (positionUs >= endUs) {
      positionUs = endUs;
      stand();
    }
    return positionUs;
  }

  // Keys of a keyboard and of headphones stop and start the element past this page.
  function onPause() {
    if (isPlaying && soundLeads && audio.paused && !audio.ended) stand();
  }
  function onPlay() {
    if (isPlaying || audio.paused) return;
    isPlaying = true;
    soundLeads = true;
    heard.forget();
  }
  // No frames are drawn in a hidden tab; the loop and the end are kept there too.
  const listeners = { pause: onPause, play: onPlay, timeupdate: nowUs, error: breakSound };

  function adopt(newElement, newLengthUs) {
    nowUs();
    endUs = newLengthUs;
    if (newElement === audio && positionUs <= endUs) return; // a seek would be heard
    if (newElement !== audio) {
      for (const [event, listener] of Object.entries(listeners)) {
        audio?.removeEventListener(event, listener);
        newElement?.addEventListener(event, listener);
      }
      audio?.pause();
      audio = newElement;
      fault = null;
    }
    place(positionUs);
  }

  adopt(element, lengthUs);
  return {
    nowUs,
    // From the end it begins again.
    play() {
      if (isPlaying) return;
      if (fault?.isLasting === false) fault = null;
      isPlaying = true;
      if (positionUs >= endUs) place(loop?.fromUs ?? 0);
      else run();
    },
    pause() {
      nowUs();
      stand();
    },
    seek(us) {
      place(us);
    },
    setSpeed(newSpeed) {
      nowUs();
      speed = newSpeed;
      if (audio !== null) audio.playbackRate = speed;
      heard.forget();
      if (isPlaying && !soundLeads) giveToMachine();
    },
    // What plays outside the range goes to its start. Null plays on.
    setLoop(range) {
      loop = range !== null && range.toUs - range.fromUs >= SHORTEST_LOOP_US ? range : null;
      if (loop !== null && (positionUs < loop.fromUs || positionUs >= loop.toUs)) place(loop.fromUs);
    },
    // A new edition of the show: another length, another sound or none. It goes on from the same place.
    adopt,
    // After the element has been given another file.
    soundChanged() {
      fault = null;
      place(positionUs);
    },
    isPlaying: () => isPlaying,
    // Whether the sound takes long to come.
    isWaiting: () => isPlaying && soundLeads && nowMs() - movedMs > LATE_MS,
    // Null, or "refused" (the browser wants a press first) or "broken" (it cannot play this file).
    soundFault: () => fault?.what ?? null,
  };
}
