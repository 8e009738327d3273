"""Boots emulated Raspberry Pis with the real binary, and tries it to the pin.

    python3 tests/emulated_pi PI_BINARY FAULTY_PI_BINARY HOST_BINARY [WORD]

prints a table of scenarios; with a WORD only those whose lines have it. The logs of consoles and
registers of the last run stay in target/emulated-pi.
"""

import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import debian
import image
import machine
import rig
import timeline
from machine import Stuck
from scenarios import button, chain, death, ending, expander, playing, refusing, service, sound
from timeline import Wrong
from trial import Scenario, Trial

SCENARIOS: dict[image.Board, dict[str, Scenario]] = {
    image.PI_4: {
        "start and end": playing.start_and_end,
        "demo with sound": playing.demo_with_sound,
        "following music": playing.following,
        "following a lossy file": playing.following_a_lossy_file,
        "composing": playing.composing,
        "Ctrl-C": ending.ctrl_c,
        "SIGTERM": ending.signal("TERM"),
        "SIGHUP": ending.signal("HUP"),
        "panic": death.panic,
        "SIGKILL, relays on": death.killed("on"),
        "SIGKILL, dimming": death.killed("glow", death.KILLS),
        "SIGSTOP, SIGCONT": death.stopped,
        "second launch": refusing.second_launch,
        "not permitted": refusing.strangers,
        "reserved or missing pin": refusing.bad_pins,
        "no sound card": sound.no_sound_card,
        "dimming": playing.dimming,
        "slow sound card": sound.slow_sound_card,
        "shift registers": chain.played,
        "shift registers, SIGKILL": chain.killed,
    },
    image.SERVING: {
        "the schedule": service.schedule,
        "an interrupt": service.interrupted,
        "SIGKILL of the service": service.killed,
        "press of a button": button.at_once,
        "bounces of a button": button.bounces,
        "hold and double press of a button": button.gestures,
        "another has the pin of a button": button.taken,
    },
    image.WITH_CHIPS: {
        "chips on a bus": expander.played,
        "chips, SIGKILL": expander.killed,
        "a chip that is not there": expander.silent,
        "a bus that goes away": expander.taken_away,
    },
    image.PI_3: {
        "start and end": playing.start_and_end,
        "demo with sound": playing.demo_with_sound,
    },
}


def main(pi_binary: Path, faulty_binary: Path, host_binary: Path, word: str = "") -> int:
    logs = image.PROJECT / "target/emulated-pi"
    shutil.rmtree(logs, ignore_errors=True)
    channels = rig.channels(image.PROJECT / "shows/rig.toml")
    failed = 0
    print(f"{'SCENARIO':42} {'RESULT':7} SECONDS")
    with tempfile.TemporaryDirectory(prefix="starcourt-pi-") as scratch, ThreadPoolExecutor() as beside:
        # It plays in real time, while the first Pi boots.
        demo = beside.submit(timeline.wanted, host_binary, "demo", channels, Path(scratch))
        composed = beside.submit(timeline.composed, host_binary, Path(scratch))
        followed = beside.submit(timeline.followed, host_binary, image.swelling(), "wav", Path(scratch))
        lossy = (image.PROJECT / "shows/demo.ogg").read_bytes()
        followed_lossy = beside.submit(timeline.followed, host_binary, lossy, "ogg", Path(scratch))
        for board, scenarios in SCENARIOS.items():
            chosen = {name: scenario for name, scenario in scenarios.items() if word in f"{board.label}: {name}"}
            if not chosen:
                continue
            folder = logs / board.label
            folder.mkdir(parents=True)
            began = time.monotonic()
            with machine.boot(image.build(board, pi_binary, faulty_binary, folder), folder) as pi:
                report(f"{board.label}: boot", "ok", began, None)
                trial = Trial(pi, channels, demo, followed, followed_lossy, composed)
                failed += sum(not passes(f"{board.label}: {name}", trial, chosen[name]) for name in chosen)
    print(f"\n{failed} failed; logs: {logs}" if failed else f"\nall passed; logs: {logs}")
    return 1 if failed else 0


def passes(name: str, trial: Trial, scenario: Scenario) -> bool:
    began = time.monotonic()
    trial.begin()
    try:
        told = scenario(trial)
    except (Wrong, Stuck) as failure:
        report(name, "FAILED", began, str(failure))
        return False
    report(name, "ok", began, told)
    return True


def report(name: str, result: str, began: float, told: str | None) -> None:
    line = f"{name:42} {result:7} {time.monotonic() - began:7.1f}  {told or ''}"
    print(line.rstrip().replace("\n", "\n    "), flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(*(Path(binary).resolve() for binary in sys.argv[1:4]), *sys.argv[4:5]))
    except (Stuck, debian.Unavailable) as failure:
        sys.exit(f"the emulated Pi does not run: {failure}")
