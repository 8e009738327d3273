// The exported file needs nothing but itself.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

import { launch, open } from "./browser.mjs";
import { ownShows, run } from "./preview.mjs";
import { levelAt, permille, renderedLevels } from "./rendered.mjs";
import { lamps, seek } from "./steering.mjs";

for (const link of [false, true]) {
    test(`the exported file plays from a disk${link ? ", with the sound beside it" : ""}`, async (t) => {
        const shows = ownShows(t);
        run(shows, "preview", "starcourt", "-o", "starcourt.html", ...(link ? ["--link"] : []));
        const away = join(shows, "away");
        mkdirSync(away);
        copyFileSync(join(shows, "starcourt.html"), join(away, "starcourt.html"));
        if (link) {
            copyFileSync(join(shows, "starcourt.ogg"), join(away, "starcourt.ogg"));
        }
        const page = await open(await launch(t), pathToFileURL(join(away, link ? "starcourt.html" : "starcourt.html")).href);
        page.troubles = page.troubles.filter((trouble) => !(link && trouble.endsWith("/away/starcourt.ogg")));
        assert.equal(readdirSync(away).length, link ? 2 : 1);
        const rendered = renderedLevels(shows, "starcourt");
        for (const time of [0, 10_000_000, 33_333_333, 60_000_000]) {
            await seek(page, time);
            for (const [name, level] of Object.entries((await lamps(page)).levels)) {
                const seen = time - (name === "marquee" ? 8_000 : 0);
                assert.equal(permille(level), levelAt(rendered.get(name) ?? [], seen), `${name} at ${time} µs`);
            }
        }
        await page.getByRole("button", { name: "Play", exact: true }).click();
        await page.waitForFunction(() => document.querySelector("audio").currentTime > 61);
        assert.ok((await lamps(page)).positionUs > 60_500_000);
        assert.deepEqual(page.troubles.filter((trouble) => !trouble.endsWith("/away/starcourt.ogg")), []);
    });
}
