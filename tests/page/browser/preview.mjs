// A scratch folder with a show, and `starcourt preview` on it.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
export const program = process.env.STARCOURT_BINARY ?? join(root, "target/debug/starcourt");

/// A folder until the test ends, with `files`: their texts by name.
export function folder(t, files = {}) {
    const path = mkdtempSync(join(tmpdir(), "starcourt-page-"));
    t.after(() => rmSync(path, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(path, name), text);
    }
    return path;
}

/// A folder with the shows that the project has.
export function ownShows(t) {
    const path = folder(t);
    cpSync(join(root, "shows"), path, { recursive: true });
    return path;
}

/// What the program prints.
export function run(shows, ...words) {
    return execFileSync(program, words, { cwd: shows, encoding: "utf8", env: environment(shows) });
}

function environment(shows) {
    const { PATH, HOME } = process.env;
    return { PATH, HOME, STARCOURT_SHOWS: shows, STARCOURT_RIG: join(shows, "rig.toml") };
}

/// The address of the page of `show` in the folder `shows`. The program ends with the test.
export async function preview(t, shows, show, ...options) {
    const child = spawn(program, ["preview", show, "--no-browser", ...options], {
        cwd: shows,
        env: environment(shows),
        stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    t.after(async () => {
        child.kill("SIGINT");
        await ended;
    });
    let told = "";
    child.stderr.on("data", (text) => (told += text));
    for await (const line of createInterface({ input: child.stdout })) {
        told += `${line}\n`;
        const address = line.match(/http:\/\/127\.0\.0\.1:\d+\/[^\s]*/)?.[0];
        if (address) {
            child.stdout.resume();
            return address;
        }
    }
    throw new Error(`starcourt preview tells no address:\n${told}`);
}
