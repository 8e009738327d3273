"""Lights on shift registers 74HC595: what their outputs show is worked out from what the lines of the chain were told."""

import csv
import itertools
from collections.abc import Iterable
from typing import NamedTuple

from registers import Event, What
from timeline import Wrong
from trial import Trial, tried_again

from .death import SAFE_WITHIN, said, when

DATA, CLOCK, LATCH, ENABLE = 10, 11, 8, 25
OUTPUTS = 16
PLAY = "starcourt play trials/chain.show --silent --rig rigs/chain.toml"

# Where the channels of rigs/chain.toml are, and what they are lit by.
PLACES = {"tree": (0, "1"), "star": (3, "1"), "exit": (7, "1"), "gate": (8, "0"), "bell": (15, "0")}
# All dark but for the exit sign. What has no channel is dark as its chip's others are.
SAFE = "0000000111111111"
LIT = "1001000101111110"


class Shown(NamedTuple):
    """What the outputs showed from one latch on, the one beside the Pi first."""

    time: float
    word: str


def shown(events: Iterable[Event]) -> list[Shown]:
    """By the data sheet (Texas Instruments SCLS041), for chips of which nobody knows what they hold."""
    levels = {DATA: False, CLOCK: False, LATCH: False}
    registers = ["?"] * OUTPUTS
    found = []
    for event in events:
        if event.pin in (*levels, ENABLE) and event.what in (What.INPUT, What.OTHER):
            raise Wrong(f"GPIO {event.pin} of the chain became {event.what.value}")
        if event.pin not in levels or event.what is What.OUTPUT:
            continue
        rises = event.what is What.HIGH and not levels[event.pin]
        levels[event.pin] = event.what is What.HIGH
        if rises and event.pin == CLOCK:
            registers = ["1" if levels[DATA] else "0", *registers[:-1]]
        elif rises and event.pin == LATCH:
            found.append(Shown(event.time, "".join(registers)))
    return found


def wanted(changes: str) -> list[str]:
    """What the outputs shall show one after another, by the compiled show: a word an instant, from the safe one on."""
    word = list(SAFE)
    words = [SAFE]
    for _, together in itertools.groupby(csv.DictReader(changes.splitlines()), key=lambda change: change["show_us"]):
        for change in together:
            place, lit = PLACES[change["channel"]]
            dark = "1" if lit == "0" else "0"
            word[place] = lit if int(change["level"]) else dark
        words.append("".join(word))
    return [word for word, _ in itertools.groupby(words)]


@tried_again
def played(trial: Trial) -> str:
    """The outputs are safe before they are switched on, show each instant of the show in one latch, and end safe."""
    rig = "--rig rigs/chain.toml --output sim"
    changes = trial.run(f"starcourt render trials/chain.show {rig} -o /tmp/chain.csv && cat /tmp/chain.csv", 0)
    words = wanted(changes[changes.index("show_us"):])
    trial.begin()
    trial.run(PLAY, 0, "the lights are safe")
    latched = shown(trial.events())
    # At a second attempt they are on from the first.
    switched_on = [event.time for event in trial.events() if event.pin == ENABLE and event.what is What.OUTPUT]
    if latched[0].word != SAFE or any(time < latched[0].time for time in switched_on):
        raise Wrong(f"the outputs began with {latched[0].word}, and were switched on before they showed it")
    found = [word for word, _ in itertools.groupby(each.word for each in latched)]
    if found != words or found[-1] != SAFE:
        raise Wrong(f"the outputs should show {', '.join(words)}, and showed {', '.join(found)}")
    return f"{len(latched)} latches, {len(words)} different words"


@tried_again
def killed(trial: Trial) -> str:
    """After SIGKILL the guardian shifts the safe word, whatever the chain holds."""
    trial.run(f"{PLAY} --from 0:05 </dev/null >/tmp/said 2>&1 &", 0)
    trial.run("sleep 3", 0)
    if (before := shown(trial.events())[-1].word) != LIT:
        raise Wrong(f"the outputs show {before}, not {LIT}")
    dead = when(trial, "kill -KILL $!; wait $!", 128 + 9)
    said(trial, "its guardian has made the lights safe")
    after = [each for each in shown(trial.events()) if each.time >= dead]
    if not after or {each.word for each in after} != {SAFE}:
        raise Wrong(f"after the kill the outputs showed {', '.join(each.word for each in after) or 'nothing new'}")
    took = after[0].time - dead
    if took > SAFE_WITHIN:
        raise Wrong(f"safe {took:.2f} s after the kill")
    return f"safe within {took * 1e3:.0f} ms"
