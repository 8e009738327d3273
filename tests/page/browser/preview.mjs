// Launches `starcourt preview` on a copy of the sample shows, and a browser on its page.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

const ROOT = new URL("../../../", import.meta.url).pathname;
const PROGRAM = join(ROOT, "target/debug/starcourt");
const BROWSER = "/usr/bin/chromium"; // Debian's
const PATIENCE_MS = 20_000; // a busy machine; the figures are printed, the bound only ends what hangs

export function launchBrowser() {
  const quiet = ["--no-first-run", "--disable-background-networking", "--disable-sync", "--disable-component-update"];
  // Chromium refuses to put root into its sandbox.
  const sandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: BROWSER, args: ["--disable-gpu", ...quiet, ...sandbox] });
}

// A folder with the sample shows; ends with the test.
export function showsFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), "starcourt-page-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, "shows"), folder, { recursive: true });
  return {
    path: (name) => join(folder, name),
    read: (name) => readFileSync(join(folder, name), "utf8"),
    write: (name, text) => writeFileSync(join(folder, name), text),
    // The program with these options, up to its end.
    run: (...options) => ended(start(folder, options)),
    start: (...options) => start(folder, options),
  };
}

function start(folder, options) {
  const rig = ["--rig", join(folder, "rig.toml"), "--output", "sim"];
  const child = spawn(PROGRAM, ["preview", ...options, ...rig], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  child.said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (child.said += piece));
  return child;
}

function ended(child) {
  return new Promise((done) => child.on("close", (code) => done({ code, said: child.said })));
}

// The page of a show, served: `{ page, errors, requests, folder, end }`.
export async function openServed(t, browser, folder, options = ["starcourt.show"], view = {}) {
  const child = folder.start(...options, "--no-browser");
  t.after(() => child.kill("SIGINT"));
  const address = await until("the address", () => /http:\/\/127\.0\.0\.1:\d+\/\w+\/?/.exec(child.said)?.[0]);
  const opened = await openPage(t, browser, address, view);
  return { ...opened, end: () => (child.kill("SIGINT"), ended(child)) };
}

export async function openPage(t, browser, address, view = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...view });
  t.after(() => context.close());
  const page = await context.newPage();
  const [errors, requests] = [[], []];
  page.on("pageerror", (error) => errors.push(`${error.name}: ${error.message}`));
  page.on("console", (said) => ["error", "warning"].includes(said.type()) && errors.push(said.text()));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address);
  await page.waitForFunction(() => document.querySelectorAll(".lamp").length > 0);
  return { page, errors, requests, address };
}

// Asks until there is an answer; a test that waits for a time shows nothing but the machine's speed.
export async function until(what, ask) {
  const began = performance.now();
  while (performance.now() - began < PATIENCE_MS) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`${what}: nothing within ${PATIENCE_MS} ms`);
}

export const text = (page, id) => page.evaluate((name) => document.getElementById(name).textContent, id);
export const statusKind = (page) => page.evaluate(() => document.getElementById("status").dataset.kind);

// Puts the playhead to a microsecond, and waits until the lamps show it.
export function seek(page, us) {
  return page.evaluate(async (at) => {
    const slider = document.getElementById("seek");
    slider.value = at;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }, us);
}

export const levels = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".lamp")].map((lamp) => [lamp.dataset.channel, Number(lamp.dataset.level)]),
    ),
  );
