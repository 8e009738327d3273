// What the tests read of a page, and how they put it to a place.

/// Of one frame: the place (µs) that the page shows, the place of the sound, and each lamp's level in hundredths of a per cent.
export function lamps(page) {
    return page.evaluate(() => ({
        positionUs: Number(document.querySelector("#time").dataset.us),
        heardUs: Math.round(document.querySelector("audio").currentTime * 1e6),
        levels: Object.fromEntries(
            [...document.querySelectorAll("[data-channel][data-level]")].map((lamp) => [lamp.dataset.channel, Number(lamp.dataset.level)]),
        ),
    }));
}

/// Puts the show to `time` (µs), as the slider does, and waits until a frame has shown it.
export async function seek(page, time) {
    await page.locator("#seek").evaluate((slider, time) => {
        slider.value = time;
        slider.dispatchEvent(new Event("input"));
    }, time);
    await waitForPlace(page, time);
}

/// Waits until the page shows `time` (µs).
export function waitForPlace(page, time) {
    return page.waitForFunction((time) => Number(document.querySelector("#time").dataset.us) === time, time);
}

/// Waits until the page shows a place after `time` (µs).
export function waitUntilAfter(page, time) {
    return page.waitForFunction((time) => Number(document.querySelector("#time").dataset.us) > time, time);
}

/// Waits until the lamps that the program has, in `layout.toml`, are as `test` says.
export async function waitForLayout(page, test) {
    for (let look = 0; look < 300; look++) {
        const { layout } = await (await page.request.get(new URL("show.json", page.url()).href)).json();
        if (test(layout.lamps)) {
            return layout.lamps;
        }
        await page.waitForTimeout(50);
    }
    throw new Error("the layout does not come to be as expected");
}
