// A show that somebody else wrote cannot do anything but light lamps.

import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

import { launch, open } from "./browser.mjs";
import { folder, preview, run } from "./preview.mjs";

const RIG = `
[channels]
porch = { pin = 4, kind = "ssr" }
`;
const MARKUP = `<img src=x onerror="window.wasHere = 1"><script>window.wasHere = 2</script></script><!--<script>`;
const SHOW = `title ${MARKUP}
length 0:20
# ---- ${MARKUP} ----
0:01 porch on # ${MARKUP}
0:01 porch off
]]> \u2028 </textarea><svg onload=alert(1)>
`.split("\n").slice(0, 5).join("\n");

async function expectHarmless(page) {
    await page.waitForTimeout(200);
    assert.equal(await page.evaluate(() => window.wasHere), undefined);
    assert.match(await page.locator("#show-title").innerText(), /<img src=x/, "the title is shown as it is written");
    assert.equal(await page.locator("main img:not([src^='data:']):not([src^='blob:'])").count(), 0);
    assert.deepEqual(page.troubles, []);
}

test("markup in titles, headings and comments is text, on the served page and in the exported file", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    const browser = await launch(t);
    await expectHarmless(await open(browser, await preview(t, shows, "porch")));
    run(shows, "preview", "porch", "-o", "porch.html");
    await expectHarmless(await open(browser, pathToFileURL(join(shows, "porch.html")).href));
});

test("a mistake with markup is text", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    const page = await open(await launch(t), await preview(t, shows, "porch"));
    writeFileSync(join(shows, "porch.show"), `${SHOW}\n0:02 ${MARKUP} on\n`);
    await page.locator("#notes").getByText("onerror").first().waitFor();
    assert.equal(await page.evaluate(() => window.wasHere), undefined);
    assert.deepEqual(page.troubles, []);
});

test("a photograph that is none is not given out", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW, "secret.txt": "a password" });
    for (const make of [
        (file) => symlinkSync(join(shows, "secret.txt"), file),
        (file) => writeFileSync(file, "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    ]) {
        make(join(shows, "porch.jpg"));
        const address = await preview(t, shows, "porch").catch((error) => error);
        if (typeof address === "string") {
            const answer = await fetch(new URL("photo", address));
            assert.ok(answer.status >= 400, `the photograph is answered with ${answer.status}`);
        }
        (await import("node:fs")).rmSync(join(shows, "porch.jpg"));
    }
});

test("paths that climb, other hosts and wrong secrets find nothing", async (t) => {
    const shows = folder(t, { "rig.toml": RIG, "porch.show": SHOW });
    const address = await preview(t, shows, "porch");
    const { host, pathname } = new URL(address);
    const { request } = await import("node:http");
    const status = (path, headers = {}) =>
        new Promise((resolve, reject) => {
            const [name, port] = host.split(":");
            request({ host: name, port, path, headers }, (answer) => {
                answer.resume();
                resolve(answer.statusCode);
            })
                .on("error", reject)
                .end();
        });
    assert.equal(await status(pathname), 200);
    for (const path of ["/", "/show.json", "/wrong/show.json", `${pathname}../../etc/passwd`, `${pathname}page/..%2f..%2frig.toml`, `${pathname}rig.toml`, `${pathname}porch.show`, `${pathname.slice(0, -2)}/`]) {
        assert.ok([400, 403, 404, 421].includes(await status(path)), path);
    }
    assert.ok((await status(pathname, { host: "lights.example" })) >= 400, "another Host is refused");
    const put = (headers) => fetch(new URL("layout", address), { method: "PUT", headers, body: '{"lamps":{"porch":{"x":1,"y":1}}}' });
    assert.ok((await put({ origin: "http://lights.example" })).status >= 400, "another Origin is refused");
    assert.throws(() => readFileSync(join(shows, "layout.toml")), "and nothing is written");
});
