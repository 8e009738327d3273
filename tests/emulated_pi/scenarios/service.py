"""The service from boot, by the unit's own ExecStart. Busybox's init and `guest/service` stand in for systemd."""

from registers import What
from timeline import Wrong
from trial import Trial

from .death import SAFE_WITHIN, levels, when
from .ending import LIT_WITHIN

# Between the two looks at the show's place the other show comes and goes; by the place, that takes no time.
SOON = 5.0
PID = "$(starcourt status | sed -n 's/^PID *//p')"


def schedule(trial: Trial) -> str:
    """It waits for a clock that can be believed, in the dark, and then plays by the schedule."""
    status(trial, "idle", "the schedule waits for a time server")
    trial.is_safe()
    # As a time server's answer leaves it.
    trial.run("mkdir -p /run/systemd/timesync && touch /run/systemd/timesync/synchronized", 0)
    trial.lit_within(LIT_WITHIN, "neon")
    trial.starts_safe()
    status(trial, "show      on", "state     playing")
    trial.run("starcourt next", 0, "ends on at")
    status(trial, "show      glow")
    trial.run("starcourt next", 0, "ends glow at")
    status(trial, "show      on")
    trial.run("cat /run/journal", 0, "<6>on begins", "<6>glow begins", "the clock is set")
    return "waited for its clock; on, glow, on"


def interrupted(trial: Trial) -> str:
    """A show that is asked for over the socket comes between, and the schedule's goes on where it was."""
    status(trial, "show      on", "position  0:0[2-9]")
    before = position(trial)
    trial.run("starcourt play levels --interrupt --silent", 65, "quarter")
    status(trial, "show      on")
    trial.run("starcourt play glow --interrupt --silent </dev/null >/tmp/said 2>&1 &", 0)
    status(trial, "show      glow", "then      on")
    trial.run("kill -INT $!; wait $!", 0)
    status(trial, "show      on", "state     playing")
    after = position(trial)
    trial.run("cat /run/journal", 0, "on is interrupted at", "<6>on begins at")
    if not before <= after < before + SOON:
        raise Wrong(f"it was at {before} s before the interrupt, and at {after} s after it")
    return f"at {before} s before it, at {after} s after it"


def killed(trial: Trial) -> str:
    """SIGKILL: the guardian makes safe, and init starts the service again, which plays what comes next."""
    trial.lit_within(LIT_WITHIN, "neon")
    dead = when(trial, f"kill -KILL {PID}")
    trial.run(wait_for("grep -q 'ended with 137' /run/journal"), 0)
    by_hand = levels(trial, since=dead)
    if modes := [event for event in trial.events() if event.what in (What.INPUT, What.OTHER)]:
        raise Wrong(f"GPIO {modes[0].pin} became {modes[0].what.value}")
    first = {channel.pin: next(e.time for e in by_hand if e.pin == channel.pin) for channel in trial.channels}
    took = max(first.values()) - dead
    if took > SAFE_WITHIN:
        raise Wrong(f"safe {took:.2f} s after the kill")
    trial.is_safe()
    status(trial, "show      glow", "state     playing")
    trial.run("cat /run/journal", 0, "its guardian has made the lights safe", "channels are safe")
    trial.run("starcourt stop", 0, "ends glow")
    status(trial, "state     idle", "stopped")
    trial.is_safe()
    return f"safe within {took * 1e3:.0f} ms, and back with the next show"


def status(trial: Trial, *words: str) -> None:
    """Waits until `starcourt status` says all of `words`."""
    says = " && ".join(f"grep -q '{word}' /tmp/status" for word in words)
    trial.run(wait_for(f"starcourt status >/tmp/status && {says}") + f"; cat /tmp/status; {says}", 0)


def wait_for(condition: str) -> str:
    return f"for i in $(seq 100); do {{ {condition}; }} && break; sleep 0.2; done"


def position(trial: Trial) -> float:
    """Where the show is, by the service's own word."""
    told = trial.run("starcourt status --json | sed -n 's/.*\"position_us\": \\([0-9]*\\).*/@\\1/p'", 0, "@")
    return int(told.split("@")[1].split()[0]) / 1e6
