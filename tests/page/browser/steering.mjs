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
    await waitForPlace(page, (us, time) => us === time, time);
}

/// Waits until the place (µs) that the page shows is as `test(place, value)` says.
export function waitForPlace(page, test, value) {
    return page.waitForFunction(`(${test})(Number(document.querySelector("#time").dataset.us), ${JSON.stringify(value)})`);
}
