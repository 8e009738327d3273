"""A trial: one emulated Pi, what a scenario may ask of it, and what must hold for its pins."""

import functools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from machine import Answer, Pi
from registers import LEVELS, MODES, PINS_A_WORD, Event, What
from rig import Channel
from timeline import Edge, Wrong

OUTPUT = 0b001


class Trial:
    def __init__(
        self,
        pi: Pi,
        channels: list[Channel],
        demo: Future[list[Edge]],
        followed: Future[bytes],
        followed_lossy: Future[bytes],
        composed: Future[bytes],
    ) -> None:
        self.pi = pi
        self.channels = channels
        """Of the rig that the Pi has in /etc."""
        self.demo = demo
        """What the show `demo` wants of them."""
        self.followed = followed
        """The changes of the show `follow`, as a file of this machine has them."""
        self.followed_lossy = followed_lossy
        """The same with an Ogg file as its music."""
        self.composed = composed
        """What is composed on this machine."""
        self.since = 0

    def begin(self) -> None:
        """From here on the log counts."""
        self.since = self.pi.now()

    def run(self, command: str, code: int, *words: str) -> str:
        """Runs `command`, which must end with `code` and say `words`; what it said."""
        answer = self.pi.run(command, within=90)
        check(answer, command, code, words)
        return answer.text

    def play_with_sound(self, show: str) -> None:
        said = self.run(f"starcourt play {show}", 0, "to its end")
        if "no sound" in said.lower() or "the sound is lost" in said.lower():
            raise Wrong(said)

    def events(self) -> list[Event]:
        return self.pi.events(self.since)

    def starts_safe(self) -> None:
        """Every pin had its safe level before it became an output."""
        for channel in self.channels:
            first = [event.what for event in self.events() if event.pin == channel.pin][:2]
            if first != [channel.dark, What.OUTPUT]:
                told = ", ".join(what.value for what in first)
                raise Wrong(f"{channel.name} (GPIO {channel.pin}) began with {told}")

    def is_safe(self) -> None:
        """Every pin is an output, and dark, by the registers themselves."""
        for channel, mode, level in self.pins():
            if mode != OUTPUT:
                raise Wrong(f"{channel.name} (GPIO {channel.pin}) is no output")
            if level is not channel.dark:
                raise Wrong(f"{channel.name} (GPIO {channel.pin}) is lit")

    def pins(self) -> Iterator[tuple[Channel, int, What]]:
        """Every channel with its pin's mode and level, as they are now."""
        modes, [levels] = self.pi.words(MODES, 3), self.pi.words(LEVELS, 1)
        for channel in self.channels:
            word, position = divmod(channel.pin, PINS_A_WORD)
            level = What.HIGH if levels >> channel.pin & 1 else What.LOW
            yield channel, modes[word] >> 3 * position & 0b111, level

    def nothing_moved(self) -> None:
        if events := self.events():
            raise Wrong(f"GPIO {events[0].pin} became {events[0].what.value}, and {len(events) - 1} more")

    def may_play(self) -> None:
        """The lock is free, and a show plays to its end."""
        self.run("starcourt status", 3, "nothing is playing")
        self.run("starcourt play demo --silent --from 0:14.5", 0, "to its end")
        self.is_safe()

    def lit_within(self, seconds: float, name: str | None = None) -> None:
        """Waits until the channel called `name` is lit; without a name, some channel."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(
                mode == OUTPUT and level is channel.lit and name in (None, channel.name)
                for channel, mode, level in self.pins()
            ):
                return
            time.sleep(0.02)
        raise Wrong(f"{name or 'nothing'} was {'not ' if name else ''}lit within {seconds} s")


def check(answer: Answer, command: str, code: int, words: tuple[str, ...]) -> None:
    missing = [word for word in words if word not in answer.text]
    if answer.code != code or missing:
        wish = f" and {', '.join(map(repr, missing))}" if missing else ""
        raise Wrong(f"`{command}` ended with {answer.code}; expected {code}{wish}:\n{answer.text.strip()}")


Scenario = Callable[[Trial], str | None]
"""Tells what it measured; raises `Wrong`."""


def tried_again(scenario: Scenario) -> Scenario:
    """A scenario that measures time, and may be disturbed by what else this machine does: it passes if one
    of three attempts does, and tells which.
    """

    @functools.wraps(scenario)
    def attempts(trial: Trial) -> str | None:
        failures = []
        while True:
            trial.begin()
            try:
                told = scenario(trial)
                return f"{told}; {len(failures)} disturbed: {'; '.join(failures)}" if failures else told
            except Wrong as wrong:
                failures.append(str(wrong).splitlines()[0])
                if len(failures) == TRIES:
                    raise

    return attempts


TRIES = 3
