"""A hand on the service's push buttons, as the kernel's driver for the header tells of it.

The rig is the shows' own with `guest/rigs/buttons.toml`. Times are an emulation's, from the contact to the
register; 5 ms of each are the contact's, to keep still.
"""

import statistics
import time

from registers import LEVELS, What
from timeline import Wrong
from trial import Trial, tried_again

from .service import PID, status, wait_for

START, DARK, THREE = 22, 23, 24
# It is lit when high, and need not rest as a relay must.
FOUNTAIN = 20
# So often the lights are darkened and brought back.
PRESSES = 20
# On each side of a press, within the 5 ms that a contact must keep still.
BOUNCES = 3
TWICE = 4
# What starcourt promises is 30 ms, on a Pi; the emulated one is many times slower, and stands still now and then.
USUALLY = 0.1
ACTS_WITHIN = 5.0
# A hand's, in seconds: a tap, and a hold.
TAP, HELD = 0.06, 1.3
MARK = "/tmp/journal-before"
# What the journal says since.
NEWS = f"tail -c +$(($(wc -c <{MARK}) + 1)) /run/journal"


@tried_again
def at_once(trial: Trial) -> str:
    """From a press to the light: a show begins, and is darkened and brought back."""
    ready(trial)
    presses = [(tap(trial, START, lit=True), What.HIGH)]
    for number in range(PRESSES):
        lit = number % 2 == 1
        presses.append((tap(trial, DARK, lit), What.HIGH if lit else What.LOW))
        time.sleep(TAP)
    heard_are(trial, ["start: on begins"] + ["dark: "] * PRESSES)
    to_show, *others = lags(trial, presses)
    usual = statistics.median(others)
    told = (
        f"a show is lit {to_show * 1e3:.0f} ms after the press; {PRESSES} more presses act within "
        f"{usual * 1e3:.1f} ms (half of them), {max(others) * 1e3:.0f} ms (all)"
    )
    if usual > USUALLY:
        raise Wrong(told)
    return told


def bounces(trial: Trial) -> str:
    """A contact that bounces, as it closes and as it opens, is one press. None is lost, however slow the Pi is."""
    ready(trial)
    hand = trial.pi.hand
    for _ in range(PRESSES):
        hand.bounce(DARK, BOUNCES)
        tap(trial, DARK)
        hand.bounce(DARK, BOUNCES)
        time.sleep(TAP)
    trial.run(wait_for(f"[ $({NEWS} | grep -c 'button dark: ') -ge {PRESSES} ]"), 0)
    count = len(heard(trial).splitlines())
    told = f"{PRESSES} presses, each with {2 * BOUNCES} bounces, are {count}"
    # Where the emulation stands still the bounces are spread over more than the 5 ms, and a press is two.
    if not PRESSES <= count <= PRESSES + TWICE:
        raise Wrong(told)
    return told


@tried_again
def gestures(trial: Trial) -> str:
    """A press, a double press and a hold of one button each do their own, and nothing else."""
    ready(trial)
    tap(trial, START, lit=True)
    status(trial, "show      on", "state     playing")
    tap(trial, THREE)
    status(trial, "show      on", "state     paused")
    tap(trial, THREE)
    time.sleep(TAP)
    tap(trial, THREE)
    status(trial, "show      glow", "state     playing", "then      on")
    trial.pi.hand.press(THREE)
    time.sleep(HELD)
    trial.pi.hand.release(THREE)
    status(trial, "state     idle")
    trial.is_safe()
    heard_are(trial, ["start: on begins", "three: paused on", "three: glow begins", "three: ends glow"])
    return "pauses, interrupts, stops"


def taken(trial: Trial) -> str:
    """While the service has the pins nobody else gets them; when it does not get them it says who has, and serves."""
    ready(trial)
    trial.run(GRAB, 1, "busy")
    ends(trial)
    trial.run(GRAB, 0)
    comes_back(trial, f'the buttons are not heard: GPIO {START} is in use by "sysfs"')
    trial.run(LET_GO, 0)
    trial.run(wait_for(f"{NEWS} | grep -q 'the buttons are heard now'"), 0)
    ready(trial)
    tap(trial, START, lit=True)
    trial.run("starcourt stop", 0)
    return "refused to another, told of another, heard when it lets go"


# The kernel's older way to a pin; it numbers the pins of all chips in a row.
NUMBER = f"$(($(cat $(dirname $(grep -l pinctrl /sys/class/gpio/*/label))/base) + {START}))"
GRAB = f"echo {NUMBER} >/sys/class/gpio/export"
LET_GO = f"echo {NUMBER} >/sys/class/gpio/unexport"


def ready(trial: Trial) -> None:
    """The service stands by, and what its journal says from here on counts."""
    trial.run(wait_for("starcourt stop && starcourt blackout off"), 0)
    status(trial, "state     idle")
    trial.run(f"cp /run/journal {MARK}", 0)
    trial.begin()


def ends(trial: Trial) -> None:
    """Ends the service; until it is back, its pins are nobody's."""
    trial.run(f"cp /run/journal {MARK}; kill -TERM {PID}", 0)
    trial.run(wait_for(f"{NEWS} | grep -q 'ended with 0' && pidof sleep >/dev/null"), 0)


def comes_back(trial: Trial, *words: str) -> None:
    """Waits no longer until the service is started again; it says so many words."""
    trial.run("kill $(pidof sleep)", 0)
    trial.run(wait_for("starcourt status >/dev/null"), 0)
    trial.run(f"starcourt status; {NEWS}", 0, *words)


def heard(trial: Trial) -> str:
    """What the service has done for its buttons since it was ready."""
    said = trial.run(f"{NEWS} | sed -n 's/^<[0-9]>button /@/p'", 0)
    return "\n".join(line[1:] for line in said.splitlines() if line.startswith("@") and line[1:2].isalpha())


def heard_are(trial: Trial, wishes: list[str]) -> None:
    """No button has done anything since but what begins with these words."""
    lines = heard(trial).splitlines()
    if len(lines) != len(wishes) or not all(line.startswith(wish) for line, wish in zip(lines, wishes)):
        raise Wrong(f"{len(wishes)} presses, of which {len(lines)} were heard: {', '.join(lines)}")


def tap(trial: Trial, pin: int, lit: bool | None = None) -> float:
    """Presses a button, until the fountain is as it should be or for as long as a tap takes; when it was pressed."""
    pressed = trial.pi.hand.press(pin)
    time.sleep(TAP)
    while lit is not None and trial.pi.words(LEVELS, 1)[0] >> FOUNTAIN & 1 != lit:
        if time.time() > pressed + ACTS_WITHIN:
            raise Wrong(f"the button on GPIO {pin} did nothing within {ACTS_WITHIN} s:\n{heard(trial)}")
        time.sleep(0.01)
    trial.pi.hand.release(pin)
    return pressed


def lags(trial: Trial, presses: list[tuple[float, What]]) -> list[float]:
    """How long after each press the fountain became what it ordered."""
    edges = [event for event in trial.events() if event.pin == FOUNTAIN]
    return [next(e.time for e in edges if e.time > at and e.what is what) - at for at, what in presses]
