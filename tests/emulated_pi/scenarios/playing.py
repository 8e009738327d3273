"""What a show does to the pins, from beginning to end."""

import hashlib

import timeline
from registers import What
from timeline import Wrong
from trial import Trial, tried_again


@tried_again
def demo_with_sound(trial: Trial) -> str:
    """Every relay and SSR switches as the compiled timeline says, counted from when sound is heard."""
    trial.play_with_sound("demo")
    return agrees_with_demo(trial)


def start_and_end(trial: Trial) -> str:
    """No line floats or flashes before its first cue, nor after its last."""
    trial.run("starcourt play demo --silent --from 0:14", 0, "the lights are safe")
    trial.starts_safe()
    trial.is_safe()
    events = trial.events()
    modes = [event for event in events if event.what in (What.INPUT, What.OTHER)]
    if modes:
        raise Wrong(f"GPIO {modes[0].pin} became {modes[0].what.value}")
    return f"{len(trial.channels)} lines"


@tried_again
def dimming(trial: Trial) -> str:
    """The share of time that a dimmed line is high is the light that CIE 1931 gives its lightness."""
    trial.run("starcourt play trials/levels.show --silent --rig rigs/dimmed.toml", 0, "safe")
    told = []
    for pin, percent in ((12, 25), (13, 50), (18, 75)):
        share = high_share(trial, pin)
        light = ((percent + 16) / 116) ** 3
        told.append(f"{percent} % is {share * 100:.1f} (curve: {light * 100:.1f})")
        if abs(share - light) > SHARE_BOUND:
            raise Wrong(", ".join(told))
    return ", ".join(told)


def following(trial: Trial) -> str:
    """Lights that follow music get the very levels that they get on this machine."""
    rig = "--rig rigs/dimmed.toml --output sim"
    trial.run(f"starcourt render trials/follow.show {rig} -o /tmp/follow.csv", 0)
    wanted = trial.followed.result()
    trial.run("md5sum /tmp/follow.csv", 0, hashlib.md5(wanted).hexdigest())
    return f"{len(wanted.splitlines())} changes"


# Of 1000. A lossy file is unpacked with floating point: a level may be 1 off, and change one step earlier or later.
LOSSY_BOUND = 2


def following_a_lossy_file(trial: Trial) -> str:
    """Lights that follow an Ogg file get nearly the levels that they get on this machine."""
    rig = "--rig rigs/dimmed.toml --output sim"
    trial.run("sed s/follow.wav/demo.ogg/ trials/follow.show >/tmp/lossy.show && cp shows/demo.ogg /tmp", 0)
    trial.run(f"starcourt render /tmp/lossy.show {rig} -o /tmp/lossy.csv", 0)
    told = trial.run("cat /tmp/lossy.csv", 0)
    apart, instants = timeline.levels_apart(trial.followed_lossy.result().decode(), told)
    if apart > LOSSY_BOUND:
        raise Wrong(f"a level is {apart} of 1000 off")
    return f"at most {apart} of 1000 apart at {instants} instants"


def composing(trial: Trial) -> str:
    """A song is heard, and a show composed for it, to the letter as on this machine."""
    rig = "--rig rigs/dimmed.toml --output sim"
    trial.run(f"starcourt compose shows/demo.ogg {rig} --print >/tmp/composed.show", 0)
    wanted = trial.composed.result()
    trial.run("md5sum /tmp/composed.show", 0, hashlib.md5(wanted).hexdigest())
    return f"{len(wanted.splitlines())} lines"


# The emulation delays single edges, those that end a period's light as often as those that begin it.
SHARE_BOUND = 0.03


def high_share(trial: Trial, pin: int) -> float:
    """The share of time for which `pin` was high, over whole periods."""
    levels = [e for e in trial.events() if e.pin == pin and e.what in (What.HIGH, What.LOW)]
    while levels and levels[0].what is What.LOW:
        levels.pop(0)
    while levels and levels[-1].what is What.LOW:
        levels.pop()
    if len(levels) < 100:
        raise Wrong(f"GPIO {pin} changed {len(levels)} times")
    high = sum(after.time - event.time for event, after in zip(levels, levels[1:]) if event.what is What.HIGH)
    return high / (levels[-1].time - levels[0].time)


def agrees_with_demo(trial: Trial) -> str:
    """All that the pins have met since the trial began is the show `demo`."""
    return timeline.agree(trial.demo.result(), timeline.found(trial.events(), trial.channels))
