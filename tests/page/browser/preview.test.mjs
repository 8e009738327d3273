// The page of `starcourt preview` in a real browser.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { launchBrowser, levels, openPage, openServed, seek, showsFolder, statusKind, text, until } from "./preview.mjs";

const DATA = new URL("../data/levels.json", import.meta.url);
const PICTURES = new URL("../../../target/page-pictures", import.meta.url).pathname;
let browser;
before(async () => {
  browser = await launchBrowser();
  mkdirSync(PICTURES, { recursive: true });
});
after(() => browser.close());
const picture = (page, name) => page.screenshot({ path: join(PICTURES, `${name}.png`) });

test("it loads without an error and asks nobody else, plays, and stops", async (t) => {
  const { page, errors, requests, address } = await openServed(t, browser, showsFolder(t));
  assert.equal(await page.title(), "Starcourt – starcourt preview");
  await page.keyboard.press("Space");
  await until("the show plays", async () => (await text(page, "time")) > "0:01.0");
  await page.keyboard.press("Space");
  await until("it stands", async () => (await page.getAttribute("#play", "aria-label")) === "Play");
  const stood = await text(page, "time");
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(await text(page, "time"), stood);
  assert.deepEqual(errors, []);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(address) && !url.startsWith("data:")),
    [],
  );
});

test("at 200 instants the lamps have the levels that the program computed", async (t) => {
  const { page } = await openServed(t, browser, showsFolder(t));
  const { channels, levels: rows } = JSON.parse(readFileSync(DATA));
  for (const [channel, us, level] of rows.filter((_, index) => index % 10 === 0)) {
    await seek(page, us);
    assert.equal((await levels(page))[channels[channel].name], level, `${channels[channel].name} at ${us} us`);
  }
});

test("a saved show plays on from the same place, and mistakes come and go", async (t) => {
  const folder = showsFolder(t);
  const { page } = await openServed(t, browser, folder);
  await seek(page, 40_000_000);
  await page.keyboard.press("Space");
  const sheet = folder.read("starcourt.show");
  let began = performance.now();
  folder.write("starcourt.show", sheet.replace("title   Starcourt", "title   Second"));
  await until("the new show", async () => (await text(page, "show-title")) === "Second");
  t.diagnostic(`a saved show is on the page after ${(performance.now() - began).toFixed(0)} ms`);
  assert.match(await text(page, "time"), /^0:4\d/);
  assert.equal(await page.getAttribute("#play", "aria-label"), "Pause");
  began = performance.now();
  folder.write("starcourt.show", sheet.replace("windows                   fade", "widnows                   fade"));
  await until("the mistake", async () => (await statusKind(page)) === "error");
  assert.match(await text(page, "notes"), /no channel or group `widnows`/);
  assert.match(await text(page, "notes"), /did you mean `windows`/);
  assert.equal(await text(page, "show-title"), "Second", "the last good show plays on");
  await picture(page, "mistake");
  folder.write("starcourt.show", sheet);
  await until(
    "it is mended",
    async () => (await statusKind(page)) === "none" && (await text(page, "show-title")) === "Starcourt",
  );
});

test("a lamp that is dragged is found in layout.toml, and one that is written there moves", async (t) => {
  const folder = showsFolder(t);
  folder.write("layout.toml", "# mine\n[lamps]\nneon = { x = 50, y = 33 }   # above the door\n");
  const { page } = await openServed(t, browser, folder);
  await page.keyboard.press("e");
  const box = await page.locator('.lamp[data-channel="neon"]').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 80, y + 60, { steps: 5 });
  await page.mouse.up();
  const kept = await until("the place is kept", () =>
    /neon = \{ x = ([\d.]+), y = ([\d.]+)/.exec(folder.read("layout.toml").replace("x = 50, y = 33", "")),
  );
  assert.ok(Number(kept[1]) > 51 && Number(kept[2]) > 34, kept[0]);
  assert.match(folder.read("layout.toml"), /^# mine\n[^]*# above the door/);
  folder.write("layout.toml", '[lamps]\nneon = { x = 25, y = 75, size = 9, colour = "blue" }\n');
  await until("the lamp moves", () =>
    page.evaluate(() => document.querySelector('.lamp[data-channel="neon"]').style.left === "25%"),
  );
});

test("everything goes by keyboard alone", async (t) => {
  const folder = showsFolder(t);
  const { page } = await openServed(t, browser, folder);
  const state = () =>
    page.evaluate(() => ({
      time: document.getElementById("time").textContent,
      beat: document.getElementById("beat").textContent,
      loop: document.getElementById("loop").ariaPressed,
      half: document.getElementById("half-speed").ariaPressed,
      chosen: document.querySelector('.lamp[aria-pressed="true"]')?.dataset.channel ?? null,
      ofLine: document.querySelectorAll(".lamp.is-of-line").length,
      help: document.getElementById("key-help").open,
      edit: document.body.classList.contains("is-edit"),
    }));
  // Each press, and what is so after it.
  const presses = [
    ["Shift+ArrowRight", { beat: "1.1" }],
    ["ArrowRight", { beat: "1.2" }],
    ["Shift+ArrowRight", { beat: "2.1" }],
    ["ArrowLeft", { beat: "1.4" }],
    ["End", { time: "1:17.0" }],
    ["Home", { time: "0:00.0" }],
    ["l", { loop: "true" }],
    ["l", { loop: "false" }],
    ["Shift+ArrowRight", {}],
    ["[", { loop: "true" }],
    ["l", { loop: "false" }],
    ["h", { half: "true" }],
    ["h", { half: "false" }],
    ["ArrowDown", { chosen: "neon" }],
    ["ArrowDown", { chosen: "sign" }],
    ["ArrowUp", { chosen: "neon" }],
    ["Escape", { chosen: null, ofLine: 0 }],
    ["n", { ofLine: 5 }],
    ["Enter", { beat: "17.1" }],
    ["Escape", { ofLine: 0 }],
    ["?", { help: true }],
    ["Escape", { help: false }],
    ["e", { edit: true }],
    ["Escape", { edit: false }],
  ];
  for (const [key, expected] of presses) {
    await page.keyboard.press(key);
    await until(`after ${key}: ${JSON.stringify(expected)}`, async () => {
      const now = await state();
      return Object.entries(expected).every(([name, value]) => now[name] === value);
    });
  }
  await page.keyboard.press("e");
  for (const key of ["Tab", "c"]) await page.keyboard.press(key);
  await until(
    "the colour is kept",
    () => existsSync(folder.path("layout.toml")) && /colour/.test(folder.read("layout.toml")),
  );
});

for (const isLinked of [false, true]) {
  test(`an exported page plays from the disk, with its music ${isLinked ? "beside it" : "inside"}`, async (t) => {
    const folder = showsFolder(t);
    const { code, said } = await folder.run(
      "starcourt.show",
      "-o",
      folder.path("out.html"),
      ...(isLinked ? ["--link"] : []),
    );
    assert.equal(code, 0, said);
    const { page, errors, requests } = await openPage(t, browser, pathToFileURL(folder.path("out.html")).href);
    await seek(page, 20_000_000);
    await page.keyboard.press("Space");
    await until("the show plays", async () => (await text(page, "time")) > "0:21.0");
    assert.equal(await text(page, "status"), "");
    assert.deepEqual(errors, []);
    assert.deepEqual(
      requests.filter((url) => !/^(file|blob|data):/.test(url)),
      [],
    );
    if (!isLinked) await picture(page, "export");
  });
}

test("40 channels cost at most 4 ms of script a frame", async (t) => {
  const folder = showsFolder(t);
  const names = Array.from({ length: 40 }, (_, index) => `c${index}`);
  const channels = names.map(
    (name, index) => `${name} = { sim = ${index}, kind = "${index % 3 === 0 ? "ssr" : "pwm"}" }\n`,
  );
  folder.write(
    "rig.toml",
    `[channels]\n${channels.join("")}[groups]\neach = [${names.map((name) => `"${name}"`).join(", ")}]\n`,
  );
  const cues = ["1.1 to 30.1  each  twinkle 5 to 100 % every 1/8", "2.1 to 30.1  c0, c1, c2  chase every 1/4 beat"];
  folder.write("busy.show", `title  Busy\nlength 1:00\ntempo  120 bpm, 4/4\n${cues.join("\n")}\n`);
  const { page, errors } = await openServed(t, browser, folder, ["busy.show"]);
  await page.keyboard.press("Space");
  await new Promise((done) => setTimeout(done, 5_000));
  const times = await page.evaluate(() => [...window.starcourtFrames].sort((a, b) => a - b));
  const median = times[times.length >> 1];
  t.diagnostic(`script a frame: median ${median.toFixed(2)} ms, of ${times.length} frames`);
  assert.ok(times.length > 30 && median <= 4, `${median} ms`);
  assert.deepEqual(errors, []);
});

test("a hostile show does nothing", async (t) => {
  const folder = showsFolder(t);
  const evil = '"><img src=x onerror="window.evil = 1"><script>window.evil = 1</script>';
  folder.write("evil.show", `title ${evil}\nlength 0:05\n# ---- ${evil} ----\n0:01 neon on # ${evil}\n`);
  const { page, errors, requests, address } = await openServed(t, browser, folder, ["evil.show"]);
  assert.equal(await text(page, "show-title"), evil);
  folder.write("evil.show", `title ${evil}\nlength 0:05\n0:01 ${evil} on\n`);
  await until("the mistake", async () => (await statusKind(page)) === "error");
  assert.equal(await page.evaluate(() => window.evil), undefined);
  assert.equal(await page.evaluate(() => document.images.length), 0);
  assert.deepEqual(errors, []);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(address) && !url.startsWith("data:")),
    [],
  );
});

// To look at.
for (const [name, width, height] of [
  ["desktop", 1280, 800],
  ["phone", 360, 740],
  ["wide", 2560, 1300],
]) {
  test(`picture: ${name}`, async (t) => {
    const { page } = await openServed(t, browser, showsFolder(t), ["starcourt.show"], { viewport: { width, height } });
    await seek(page, 36_000_000);
    await picture(page, name);
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
      false,
      "nothing is cut off at the side",
    );
  });
}
