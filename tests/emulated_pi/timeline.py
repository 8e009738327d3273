"""What a compiled show wants of its pins, and how far a Pi was from it.

The wish comes from the simulator of the same program on this machine, by way of its trace.
"""

import csv
import itertools
import statistics
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from registers import Event, What
from rig import Channel

PROJECT = Path(__file__).parent.parent.parent
# Levels in a trace are thousandths.
HALF = 500
# Both are the emulation's, not starcourt's. It gets what a busy machine leaves over: the whole Pi stands
# still now and then, and the sound card that it emulates with it, which the lights then follow. Most edges
# meet a quiet moment, so the time from one edge to the next is right for the half of them:
USUAL = 0.005
# ...and none is farther from where it belongs than this, in seconds.
FAR = 2.0


class Edge(NamedTuple):
    time: float
    pin: int
    what: What


class Wrong(Exception):
    """The Pi did something else than it should; the text says what."""


def wanted(binary: Path, show: str, channels: list[Channel], folder: Path) -> list[Edge]:
    """The edges of the switched channels of `show`, by the simulator of `binary`, from the first on."""
    trace = folder / f"{show}.csv"
    where = ["--rig", "shows/rig.toml", "--shows", "shows", "--lock-dir", folder / "lock"]
    subprocess.run(
        [binary, "play", show, "--silent", "--output", "sim", "--trace", trace, *where],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    switched = {channel.name: channel for channel in channels if channel.switched}
    edges = []
    with trace.open() as lines:
        for line in csv.DictReader(lines):
            if channel := switched.get(line["channel"]):
                lit = int(line["level"]) >= HALF
                due = int(line["due_ns"]) / 1e9
                edges.append(Edge(due, channel.pin, channel.lit if lit else channel.dark))
    return changes(edges, channels)


def followed(binary: Path, song: bytes, ending: str, folder: Path) -> bytes:
    """The changes of the show `follow` by `binary`, as a file, with `song` as its music: a file with this `ending`."""
    guest = Path(__file__).parent / "guest"
    show, changes = folder / f"follow-{ending}.show", folder / f"follow-{ending}.csv"
    show.write_text((guest / "shows/follow.show").read_text().replace("follow.wav", f"song.{ending}"))
    (folder / f"song.{ending}").write_bytes(song)
    rig = ["--rig", guest / "rigs/dimmed.toml", "--output", "sim"]
    subprocess.run([binary, "render", show, *rig, "-o", changes], stdout=subprocess.DEVNULL, check=True)
    return changes.read_bytes()


def levels_apart(one: str, other: str) -> tuple[int, int]:
    """How far the levels of two such files are from one another at most, in thousandths, and at how many instants."""
    changes = sorted(
        (int(line["show_us"]), which, line["channel"], int(line["level"]))
        for which, text in enumerate((one, other))
        for line in csv.DictReader(text.splitlines())
    )
    levels: dict[tuple[int, str], int] = {}
    apart = instants = 0
    for now, together in itertools.groupby(changes, key=lambda change: change[0]):
        for _, which, channel, level in together:
            levels[which, channel] = level
        instants += 1
        channels = {channel for _, channel in levels}
        apart = max(apart, *(abs(levels.get((0, name), 0) - levels.get((1, name), 0)) for name in channels), 0)
    return apart, instants


def composed(binary: Path, folder: Path) -> bytes:
    """The show that `binary` composes for the music of the show `demo`."""
    tests = Path(__file__).parent
    song = folder / "demo.ogg"
    song.write_bytes((tests.parent.parent / "shows/demo.ogg").read_bytes())
    rig = ["--rig", tests / "guest/rigs/dimmed.toml", "--output", "sim"]
    return subprocess.run([binary, "compose", song, *rig, "--print"], stdout=subprocess.PIPE, check=True).stdout


def found(events: Iterable[Event], channels: list[Channel]) -> list[Edge]:
    """The edges of the switched channels among `events`."""
    levels = (event for event in events if event.what in (What.LOW, What.HIGH))
    return changes((Edge(event.time, event.pin, event.what) for event in levels), channels)


def changes(levels: Iterable[Edge], channels: list[Channel]) -> list[Edge]:
    """Those of `levels` that change something on a switched channel, where all are dark before."""
    now = {channel.pin: channel.dark for channel in channels if channel.switched}
    edges = []
    for edge in levels:
        if edge.pin in now and now[edge.pin] is not edge.what:
            now[edge.pin] = edge.what
            edges.append(edge)
    return edges


def agree(wanted: list[Edge], found: list[Edge]) -> str:
    """Checks that every pin met the edges that it should, each in its time; tells how near they were."""
    pairs = []
    for pin in sorted({edge.pin for edge in wanted + found}):
        should, did = ([edge for edge in edges if edge.pin == pin] for edges in (wanted, found))
        if [edge.what for edge in should] != [edge.what for edge in did]:
            tell = ", ".join
            raise Wrong(
                f"GPIO {pin} should be {tell(e.what.value for e in should) or 'left alone'}, "
                f"and was {tell(e.what.value for e in did) or 'left alone'}"
            )
        pairs += zip(should, did)
    pairs.sort()
    # The clocks of the two have different epochs, and a show begins when its sound is heard.
    lags = [saw.time - due.time for due, saw in pairs]
    usual = statistics.median(abs(later - lag) for lag, later in zip(lags, lags[1:]))
    far = max(abs(lag - statistics.median(lags)) for lag in lags)
    told = f"{len(lags)} edges, from one to the next {usual * 1e3:.2f} ms off, at most {far * 1e3:.0f} ms in all"
    if usual > USUAL or far > FAR:
        raise Wrong(told)
    return told
