"""What ends a show without a farewell, or has it stand still: the lights are its guardian's then."""

import time

from registers import Event, What
from timeline import Wrong
from trial import Scenario, Trial, tried_again

from .ending import LIT_WITHIN

# What starcourt promises is far less, 50 ms; the emulated Pi stands still for longer than that now and then.
SAFE_WITHIN = 1.0
# By the guardian's promise; see `tried_again`.
STANDS_STILL = 2.5
# A kill meets a dimmed line high as often as low.
KILLS = 4
LEVELS = (What.HIGH, What.LOW)


def panic(trial: Trial) -> None:
    """The thread that drives the lines panics. People's binary cannot be asked to: this is another build."""
    fault = "STARCOURT_FAULT='lights after 4000 ms'"
    command = f"{fault} faulty/starcourt play trials/on.show --silent; echo ended with $?"
    trial.run(f"{{ {command}; }} </dev/null >/tmp/said 2>&1 &", 0)
    lit(trial)
    said(trial, "ended with 1")
    trial.run("cat /tmp/said", 0, "a fault at lights", "the lights are safe")
    trial.is_safe()
    trial.may_play()


def killed(show: str, times: int = 1) -> Scenario:
    @tried_again
    def scenario(trial: Trial) -> str:
        slowest = max(kill(trial, show) for _ in range(times))
        trial.may_play()
        return f"{times} killed, safe within {slowest * 1e3:.0f} ms"

    scenario.__doc__ = f"SIGKILL while {show} plays."
    return scenario


def kill(trial: Trial, show: str) -> float:
    """Kills `show`; after how many seconds the last pin was safe."""
    play(trial, show)
    dead = when(trial, "kill -KILL $!; wait $!", 128 + 9)
    # Nobody else is left who could have said and done it.
    said(trial, "its guardian has made the lights safe")
    trial.is_safe()
    by_hand = levels(trial, since=dead)
    if modes := [event for event in trial.events() if event.what in (What.INPUT, What.OTHER)]:
        raise Wrong(f"GPIO {modes[0].pin} became {modes[0].what.value}")
    if missing := {channel.pin for channel in trial.channels} - {event.pin for event in by_hand}:
        raise Wrong(f"nobody made GPIO {min(missing)} safe")
    took = by_hand[-1].time - dead
    if took > SAFE_WITHIN:
        raise Wrong(f"safe {took:.2f} s after the kill")
    return took


@tried_again
def stopped(trial: Trial) -> str:
    """SIGSTOP for longer than the guardian waits, then SIGCONT."""
    play(trial, "on")
    # The wait is the Pi's: the emulator, once all has been at rest for a while, may never answer again.
    still = when(trial, "kill -STOP $!; sleep 3")
    by_hand = levels(trial, since=still)
    now = {event.pin: event.what for event in by_hand}
    for channel in trial.channels:
        if now.get(channel.pin) is not channel.dark:
            raise Wrong(f"nobody made {channel.name} (GPIO {channel.pin}) safe")
    took = by_hand[-1].time - still
    awake = when(trial, "kill -CONT $!")
    lit(trial)
    back = levels(trial, since=awake)[0].time - awake
    # The shell would not wait for one that it has seen stopped.
    trial.run("kill -TERM $!; while kill -0 $! 2>/dev/null; do sleep 0.1; done", 0)
    trial.run("cat /tmp/said", 0, "the lights go on", "the lights are safe")
    trial.is_safe()
    trial.may_play()
    told = f"safe after {took:.2f} s, lit again {back * 1e3:.0f} ms after SIGCONT"
    if took > STANDS_STILL:
        raise Wrong(told)
    return told


def play(trial: Trial, show: str) -> None:
    """Plays a show behind the console, and waits until it is lit."""
    trial.run(f"starcourt play trials/{show}.show --silent </dev/null >/tmp/said 2>&1 &", 0)
    lit(trial)


def lit(trial: Trial) -> None:
    trial.lit_within(LIT_WITHIN, "neon")


def said(trial: Trial, words: str) -> None:
    """Waits until the show or its guardian has said so."""
    trial.run(f"for i in $(seq 50); do grep -q '{words}' /tmp/said && break; sleep 0.1; done; cat /tmp/said", 0, words)


def when(trial: Trial, command: str, code: int = 0) -> float:
    """Runs `command`, which must end with `code`; when it was typed, by the register log's clock."""
    now = time.time()
    trial.run(command, code)
    return now


def levels(trial: Trial, since: float) -> list[Event]:
    """What the pins were set to from the instant `since` on."""
    found = [event for event in trial.events() if event.what in LEVELS and event.time >= since]
    if not found:
        raise Wrong("nobody touched a pin")
    return found
