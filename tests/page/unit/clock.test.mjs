// The clock of the page, with an element whose time is coarse and jittery, as those of browsers are.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createClock } from "../../../src/preview/page/clock.js";
import { FakeAudio, seeded } from "./fake_audio.mjs";

const SECOND = 1_000_000;

function setUp(options = {}, lengthUs = 180 * SECOND) {
  const random = seeded(options.seed ?? 1);
  const audio = options.noSound ? null : new FakeAudio({ random, ...options });
  let ms = 5_000;
  const clock = createClock(audio, lengthUs, () => ms);
  const pass = (millis) => {
    ms += millis;
    audio?.pass(millis);
  };
  // Draws frames for a time; calls `each(us, trueUs)`.
  const frames = (seconds, each = () => {}, frameMs = 1_000 / 60) => {
    for (let passed = 0; passed < seconds * 1_000;) {
      const next = frameMs * (0.8 + random() * 0.4);
      pass(next);
      passed += next;
      each(clock.nowUs(), audio === null ? null : audio.trueS * SECOND);
    }
  };
  return { audio, clock, pass, frames };
}

const ELEMENTS = [
  ["exact", {}],
  ["in steps of 40 ms", { stepMs: 40, startMs: 120, seekMs: 60 }],
  ["in steps of 70 ms", { stepMs: 70, startMs: 60, seekMs: 30 }],
  ["jittery by 12 ms", { jitterMs: 12, startMs: 200, seekMs: 100 }],
  ["both", { stepMs: 23, jitterMs: 8, startMs: 30, seekMs: 10 }],
];

for (const [how, options] of ELEMENTS) {
  test(`light and sound stay within 30 ms where the element's time is ${how}`, () => {
    for (const speed of [1, 0.5]) {
      const { clock, frames } = setUp({ ...options, seed: 11 });
      clock.setSpeed(speed);
      clock.play();
      frames(1); // it starts
      let last = clock.nowUs();
      let worst = 0;
      const watch = (us, trueUs) => {
        assert.ok(us >= last, "time goes back");
        last = us;
        worst = Math.max(worst, Math.abs(us - trueUs));
      };
      frames(20, watch);
      clock.seek(100 * SECOND);
      assert.equal(clock.nowUs(), 100 * SECOND);
      frames(1);
      last = clock.nowUs();
      frames(10, watch);
      assert.ok(worst < 30_000, `${worst} us at speed ${speed}`);
    }
  });
}

test("a browser whose time runs ahead when a sound begins does not lead the lights astray", () => {
  const { clock, frames, audio } = setUp({ stepMs: 10 });
  const told = Object.getOwnPropertyDescriptor(FakeAudio.prototype, "currentTime");
  let readings = 0;
  Object.defineProperty(audio, "currentTime", {
    get() {
      readings += 1;
      return told.get.call(this) + (readings > 2 && readings < 6 ? 0.035 : 0);
    },
  });
  clock.play();
  frames(0.3);
  frames(2, (us, trueUs) => assert.ok(Math.abs(us - trueUs) < 30_000, `${us - trueUs} us`));
});

test("while the sound has not begun the lights wait for it", () => {
  const { clock, frames, audio } = setUp({ startMs: 700 });
  clock.play();
  frames(0.6, (us) => assert.equal(us, 0));
  assert.equal(clock.isWaiting(), true);
  frames(0.6);
  assert.equal(clock.isWaiting(), false);
  assert.ok(Math.abs(clock.nowUs() - audio.trueS * SECOND) < 30_000);
});

test("another speed and a short stall are no wait, a long one is", () => {
  const { clock, frames, audio } = setUp({ stepMs: 40 });
  const waits = () => assert.equal(clock.isWaiting(), false);
  clock.play();
  frames(2, waits);
  clock.setSpeed(0.5);
  frames(1, waits);
  audio.readyState = 2;
  frames(0.3, waits);
  frames(0.3);
  assert.equal(clock.isWaiting(), true);
  audio.readyState = 4;
  frames(0.2);
  assert.equal(clock.isWaiting(), false);
});

test("a sound that stalls holds the lights, and they go on together", () => {
  const { clock, frames, audio } = setUp({ stepMs: 40 });
  clock.play();
  frames(3);
  audio.readyState = 2;
  frames(0.1);
  const held = clock.nowUs();
  frames(2, (us) => assert.equal(us, held));
  audio.readyState = 4;
  frames(1);
  frames(3, (us, trueUs) => assert.ok(Math.abs(us - trueUs) < 30_000));
});

test("a sound that stands still without a word holds the lights within a fifth of a second", () => {
  const { clock, frames, audio } = setUp();
  clock.play();
  frames(3);
  const stood = audio.trueS;
  audio.pass = () => {};
  frames(5);
  assert.ok(clock.nowUs() - stood * SECOND < 200_000);
});

test("pause holds, play goes on from there, and a hidden tab comes back in step", () => {
  const { clock, frames, pass, audio } = setUp({ stepMs: 40, startMs: 50 });
  clock.play();
  frames(2);
  clock.pause();
  const held = clock.nowUs();
  frames(5, (us) => assert.equal(us, held));
  assert.ok(audio.paused);
  clock.play();
  frames(1, (us) => assert.ok(us >= held));
  pass(45_000); // hidden: no frames
  frames(0.2);
  frames(2, (us, trueUs) => assert.ok(Math.abs(us - trueUs) < 30_000));
});

test("the end stops at the length, and play begins again", () => {
  for (const options of [{ durationS: 5 }, { durationS: 5, stepMs: 100 }, { noSound: true }]) {
    const { clock, frames } = setUp(options, 5 * SECOND);
    clock.seek(4 * SECOND);
    clock.play();
    frames(2);
    assert.equal(clock.nowUs(), 5 * SECOND);
    assert.equal(clock.isPlaying(), false);
    clock.play();
    frames(0.5);
    assert.ok(clock.nowUs() > 0 && clock.nowUs() < SECOND);
  }
});

test("a show longer than its sound goes on by the machine's time", () => {
  const { clock, frames, audio } = setUp({ durationS: 3 }, 6 * SECOND);
  clock.play();
  frames(2);
  let last = clock.nowUs();
  frames(2, (us) => {
    assert.ok(us >= last && us - last < 40_000);
    last = us;
  });
  assert.ok(Math.abs(last - 4 * SECOND) < 60_000, `${last}`);
  clock.seek(4.5 * SECOND);
  frames(0.5);
  assert.ok(Math.abs(clock.nowUs() - 5 * SECOND) < 30_000);
  assert.ok(audio.paused, "no sound plays past its end");
  clock.seek(SECOND);
  frames(0.5);
  assert.ok(!audio.paused, "back in the sound it plays");
});

test("a show shorter than its sound ends the sound", () => {
  const { clock, frames, audio } = setUp({ durationS: 100 }, 2 * SECOND);
  clock.play();
  frames(3);
  assert.equal(clock.nowUs(), 2 * SECOND);
  assert.ok(audio.paused);
});

test("a loop never shows what lies behind it, with sound and without", () => {
  for (const options of [{ stepMs: 40, startMs: 20, seekMs: 30 }, { noSound: true }]) {
    const { clock, frames, audio } = setUp(options);
    clock.setLoop({ fromUs: 10 * SECOND, toUs: 12 * SECOND });
    assert.equal(clock.nowUs(), 10 * SECOND, "from outside it goes to the begin");
    clock.play();
    let last = clock.nowUs();
    let passes = 0;
    frames(21, (us) => {
      assert.ok(us >= 10 * SECOND && us < 12 * SECOND, `${us}`);
      if (us < last) passes += 1;
      last = us;
    });
    assert.ok(passes >= 8 && passes <= 10, `${passes} passes`);
    if (audio !== null) assert.ok(audio.seeks.slice(2).every((seconds) => seconds === 10));
    clock.setLoop(null);
    frames(3);
    assert.ok(clock.nowUs() > 12 * SECOND);
  }
});

test("without sound a loop loses no time at its seam, however rarely it is asked", () => {
  const { clock, pass } = setUp({ noSound: true });
  clock.setLoop({ fromUs: SECOND, toUs: 3 * SECOND });
  clock.play();
  pass(7_300);
  assert.equal(clock.nowUs(), 2.3 * SECOND);
});

test("a loop up to the end of show and sound comes round", () => {
  const { clock, frames } = setUp({ durationS: 5, stepMs: 40 }, 5 * SECOND);
  clock.setLoop({ fromUs: 4 * SECOND, toUs: 5 * SECOND });
  clock.play();
  frames(4.3);
  assert.equal(clock.isPlaying(), true);
  assert.ok(clock.nowUs() >= 4 * SECOND && clock.nowUs() < 5 * SECOND);
});

test("a hidden tab keeps its loop, since the element tells its time there too", () => {
  const { clock, pass, audio } = setUp();
  clock.setLoop({ fromUs: 0, toUs: 2 * SECOND });
  clock.play();
  for (let quarter = 0; quarter < 40; quarter += 1) {
    pass(250);
    audio.tell("timeupdate");
  }
  assert.ok(audio.trueS < 2.3, `${audio.trueS}`);
});

test("a loop too short to hear is none", () => {
  const { clock, frames } = setUp({ noSound: true });
  clock.setLoop({ fromUs: SECOND, toUs: SECOND + 50_000 });
  clock.play();
  frames(3);
  assert.ok(clock.nowUs() > 2.8 * SECOND);
});

test("keys of the machine stop and start it", () => {
  const { clock, frames, audio } = setUp({ stepMs: 40 });
  clock.play();
  frames(2);
  audio.pause();
  assert.equal(clock.isPlaying(), false);
  const held = clock.nowUs();
  frames(1);
  assert.equal(clock.nowUs(), held);
  audio.play();
  assert.equal(clock.isPlaying(), true);
  frames(1);
  assert.ok(clock.nowUs() > held);
});

test("a browser that refuses the first play is told apart from a sound that it cannot play", async () => {
  const { clock, frames, audio } = setUp();
  audio.refusal = Object.assign(new Error(), { name: "NotAllowedError" });
  clock.play();
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual([clock.isPlaying(), clock.soundFault()], [false, "refused"]);
  audio.refusal = null;
  clock.play();
  frames(1);
  assert.deepEqual([clock.isPlaying(), clock.soundFault()], [true, null]);
  assert.ok(clock.nowUs() > 0.9 * SECOND);
  audio.tell("error");
  const before = clock.nowUs();
  frames(1);
  assert.equal(clock.soundFault(), "broken");
  assert.ok(clock.nowUs() > before + 0.9 * SECOND, "the lights go on by the machine's time");
});

test("a new edition goes on from the same place, with another sound, length or none", () => {
  const { clock, frames, pass } = setUp({ stepMs: 40 });
  clock.play();
  frames(4);
  const before = clock.nowUs();
  clock.adopt(null, 60 * SECOND);
  assert.equal(clock.nowUs(), before);
  pass(1_000);
  assert.equal(clock.nowUs(), before + SECOND);
  clock.adopt(null, 2 * SECOND);
  assert.equal(clock.nowUs(), 2 * SECOND);
  assert.equal(clock.isPlaying(), false);
});

test("a new edition with the same sound makes no seek, which would be heard", () => {
  const { clock, frames, audio } = setUp({ stepMs: 40 });
  clock.play();
  frames(2);
  const seeks = audio.seeks.length;
  clock.adopt(audio, 90 * SECOND);
  frames(1);
  assert.equal(audio.seeks.length, seeks);
  assert.ok(clock.nowUs() > 2.8 * SECOND);
});

test("no sequence of orders makes time leave the show or its order", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seeded(seed);
    const noSound = seed % 4 === 0;
    const { clock, frames, pass } = setUp(
      {
        seed,
        noSound,
        durationS: 8 + random() * 8,
        stepMs: random() * 100,
        startMs: random() * 200,
        seekMs: random() * 80,
      },
      12 * SECOND,
    );
    let loop = null;
    for (let order = 0; order < 80; order += 1) {
      const which = Math.floor(random() * 7);
      const at = random() * 14 * SECOND - SECOND;
      if (which === 0) clock.play();
      else if (which === 1) clock.pause();
      else if (which === 2) clock.seek(at);
      else if (which === 3) clock.setSpeed(random() < 0.5 ? 0.5 : 1);
      else if (which === 4) {
        const fromUs = Math.max(0, at);
        loop = random() < 0.4 ? null : { fromUs, toUs: Math.min(12 * SECOND, fromUs + random() * 4 * SECOND) };
        clock.setLoop(loop);
      } else if (which === 5) pass(random() * 3_000);
      let last = clock.nowUs();
      frames(random() * 0.6, (us) => {
        assert.ok(Number.isInteger(us) && us >= 0 && us <= 12 * SECOND, `${us}`);
        const cameRound = loop !== null && us >= Math.floor(loop.fromUs) && last > us;
        assert.ok(us >= last || cameRound, `seed ${seed}: back from ${last} to ${us}`);
        if (!clock.isPlaying()) assert.equal(clock.nowUs(), us);
        last = us;
      });
    }
  }
});
