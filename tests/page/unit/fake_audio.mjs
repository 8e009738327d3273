// An audio element for tests: its time is coarse and jittery, it starts late, and it seeks as slowly as real ones.

export class FakeAudio {
  constructor({ durationS = 180, stepMs = 0, jitterMs = 0, startMs = 0, seekMs = 0, random = Math.random } = {}) {
    Object.assign(this, { duration: durationS, stepMs, jitterMs, startMs, seekMs, random });
    this.ms = 0;
    this.paused = true;
    this.ended = false;
    this.readyState = 4;
    this.rate = 1;
    this.trueS = 0; // what is heard
    this.silentUntilMs = 0;
    this.seekingUntilMs = -1;
    this.listeners = [];
    this.seeks = [];
    this.refusal = null;
  }
  get seeking() {
    return this.ms < this.seekingUntilMs;
  }
  get playbackRate() {
    return this.rate;
  }
  set playbackRate(rate) {
    this.rate = rate;
  }
  // What is told is never ahead of what is heard.
  get currentTime() {
    if (this.paused || this.ended || this.seeking || this.ms <= this.silentUntilMs) return this.trueS;
    const step = (this.stepMs * this.rate) / 1_000;
    const stair = step > 0 ? Math.floor(this.trueS / step) * step : this.trueS;
    return Math.max(0, Math.max(this.floorS, stair) - (this.random() * this.jitterMs) / 1_000);
  }
  set currentTime(seconds) {
    this.trueS = Math.min(Math.max(0, seconds), this.duration);
    this.floorS = this.trueS;
    this.ended = false;
    this.seeks.push(this.trueS);
    this.seekingUntilMs = this.ms + this.seekMs;
    this.silentUntilMs = Math.max(this.seekingUntilMs, this.ms + (this.paused ? 0 : this.startMs));
  }
  play() {
    if (this.refusal !== null) return Promise.reject(this.refusal);
    if (this.paused) {
      this.paused = false;
      this.floorS = this.trueS;
      this.silentUntilMs = Math.max(this.silentUntilMs, this.ms + this.startMs);
      this.tell("play");
    }
    return Promise.resolve();
  }
  pause() {
    if (this.paused) return;
    this.paused = true;
    this.tell("pause");
  }
  addEventListener(event, listener) {
    this.listeners.push({ event, listener });
  }
  removeEventListener(event, listener) {
    this.listeners = this.listeners.filter((known) => known.event !== event || known.listener !== listener);
  }
  tell(event) {
    for (const known of [...this.listeners]) if (known.event === event) known.listener();
  }
  // Time passes: what is heard moves on.
  pass(ms) {
    const soundsFromMs = Math.max(this.ms, this.silentUntilMs);
    this.ms += ms;
    if (this.paused || this.ended || this.readyState < 3) return;
    this.trueS += (Math.max(0, this.ms - soundsFromMs) / 1_000) * this.rate;
    if (this.trueS >= this.duration) {
      this.trueS = this.duration;
      this.ended = true;
      this.paused = true;
      this.tell("pause");
    }
  }
}

// Numbers that are the same in each run.
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
