// A browser without a window, and a page in it. Whatever a page asks of another place, and every error it has, is kept.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// `make page-test` installs the driver there, outside the sources.
const installed = fileURLToPath(new URL("../../../target/page/", import.meta.url));
const { chromium } = createRequire(installed)("playwright-core");

const SWITCHES = [
    "--no-sandbox", // root has none
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-audio-output", // plays in time, and to nobody
];

/// A browser until the test ends.
export async function launch(t) {
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: SWITCHES,
    });
    t.after(() => browser.close());
    return browser;
}

/// A page at `address`. `page.troubles` are its errors, and its requests to any place but `address`.
export async function open(browser, address, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.troubles = [];
    page.on("pageerror", (error) => page.troubles.push(`error: ${error.message}`));
    page.on("console", (line) => {
        if (line.type() === "error" || line.type() === "warning") {
            page.troubles.push(`console: ${line.text()}`);
        }
    });
    page.on("dialog", (dialog) => {
        page.troubles.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    context.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(address) && !url.startsWith("data:") && !url.startsWith("blob:")) {
            page.troubles.push(`request: ${url}`);
        }
    });
    await page.goto(address);
    await page.locator("[data-channel]").first().waitFor();
    return page;
}
