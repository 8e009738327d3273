"""Lights on chips of the I2C bus: what their pins do is worked out from every byte that the bus's controller was told."""

import itertools

from chips import MCP23017, PCA9685, PCF8574, Chips, Message, messages
from registers import What
from timeline import Wrong
from trial import Trial, tried_again

from .death import SAFE_WITHIN, said, when

PLAY = "starcourt play trials/chips.show --silent --rig rigs/chips.toml"
LAMP = 16
# The end of the name of bus 1's controller.
DEVICE = "804000.i2c"

GABLE, EXIT, PORCH = (MCP23017, 0), (MCP23017, 9), (PCF8574, 3)
TREE, MOON = (PCA9685, 7), (PCA9685, 15)
# What the pins are while no show plays; all but the exit sign are dark then.
SAFE = {GABLE: "high", EXIT: "high", PORCH: "high", TREE: 0, MOON: 4096}
# From 3.5 s to 12 s. CIE 1931: 50 % of lightness is 18.4 % of light.
LIT = {GABLE: "low", EXIT: "low", PORCH: "low", TREE: 754, MOON: 0}
# What each light does in the whole show.
COURSES = {
    GABLE: ["high", "low", "high", "low", "high"],
    EXIT: ["high", "low", "high"],
    PORCH: ["high", "low", "high"],
    MOON: [4096, 0, 4096],
}

States = list[tuple[Message, dict]]


def states(trial: Trial, since: int | None = None) -> States:
    """What the pins were after each message since the trial began, for chips as after power-on then."""
    log = trial.pi.register_log.read_bytes()
    return list(Chips().replay(messages(log, trial.pi.board.registers, trial.since if since is None else since)))


def course(found: States, light: tuple[int, int]) -> list:
    return [state for state, _ in itertools.groupby(pins[light] for _, pins in found)]


@tried_again
def played(trial: Trial) -> str:
    """Each light is safe before its pin is an output, takes its course, and ends safe."""
    trial.run(PLAY, 0, "the lights are safe")
    found = states(trial)
    for light, wanted in COURSES.items():
        # Before it was written, a pin is open, or off at the chip that dims.
        seen = course(found, light)
        seen = seen[1:] if seen[0] in ("open", 0) else seen
        if seen != wanted:
            raise Wrong(f"{light} should be {wanted}, and was {seen}")
    tree = course(found, TREE)
    peak = tree.index(4096) if 4096 in tree else -1
    if peak < 10 or tree[: peak + 1] != sorted(tree[: peak + 1]) or tree[peak + 1 :] != [LIT[TREE], 0]:
        raise Wrong(f"the tree fades by {tree}")
    is_safe(found)
    return f"{len(found)} messages, {peak} steps of a fade of 1 s"


@tried_again
def killed(trial: Trial) -> str:
    """After SIGKILL each chip gets its safe levels, after the header."""
    trial.run(f"{PLAY} --from 0:03 </dev/null >/tmp/said 2>&1 &", 0)
    trial.run("sleep 3", 0)
    if (now := states(trial)[-1][1]) and any(now[light] != LIT[light] for light in LIT):
        raise Wrong(f"the lights are {[now[light] for light in LIT]}, not {list(LIT.values())}")
    dead = when(trial, "kill -KILL $!; wait $!", 128 + 9)
    said(trial, "its guardian has made the lights safe")
    found = [state for state in states(trial) if state[0].time >= dead]
    is_safe(found)
    header = [event.time for event in trial.events() if event.pin == LAMP and event.time >= dead]
    if not header or header[0] > found[0][0].time:
        raise Wrong("the header waited for the bus")
    safe = next(message.time for message, pins in found if all(pins[light] == SAFE[light] for light in SAFE))
    if safe - dead > SAFE_WITHIN:
        raise Wrong(f"safe {safe - dead:.2f} s after the kill")
    return f"safe within {(safe - dead) * 1e3:.0f} ms"


def silent(trial: Trial) -> None:
    """A show does not begin without a chip of its rig."""
    command = "starcourt play trials/chips.show --silent --rig rigs/silent.toml"
    trial.run(command.replace("chips.show", "gable.show"), 69, "the MCP23017 at 0x27 on I²C bus 1 does not answer")
    trial.run("starcourt doctor --rig rigs/silent.toml", 1, "`roof` does not answer")
    trial.run("starcourt doctor --rig rigs/chips.toml | grep answer", 0, "these chips answer: roof", "shop")


@tried_again
def taken_away(trial: Trial) -> str:
    """The bus goes away while a show plays, and comes back: told once, the header does not wait, the levels return."""
    driver = "/sys/bus/platform/drivers/i2c-bcm2835"
    trial.run(f"{PLAY} --from 0:03 </dev/null >/tmp/said 2>&1 &", 0)
    trial.run(f"sleep 2; bus=$(basename {driver}/*{DEVICE})", 0)
    gone = when(trial, f"(echo $bus >{driver}/unbind) & sleep 4")
    trial.run("cat /tmp/said", 0, "does not answer")
    lamp = [event.time for event in trial.events() if event.pin == LAMP and event.time >= gone]
    gaps = [later - earlier for earlier, later in zip([gone, *lamp], lamp)]
    if len(lamp) < 4 or max(gaps) > SAFE_WITHIN:
        raise Wrong(f"the lamp on the header switched {len(lamp)} times in 4 s")
    trial.begin()
    back = when(trial, f"echo $bus >{driver}/bind; sleep 2")
    said(trial, "answers again")
    # The chips have kept their registers; each was set up anew.
    now = states(trial)[-1][1]
    if any(now[light] != LIT[light] for light in LIT):
        raise Wrong(f"the lights came back as {[now[light] for light in LIT]}, not {list(LIT.values())}")
    first = states(trial)[0][0].time - back
    trial.run("wait; cat /tmp/said", 0, "the lights are safe")
    is_safe(states(trial))
    return f"written again {first * 1e3:.0f} ms after the bus was back"


def is_safe(found: States) -> None:
    now = found[-1][1]
    if any(now[light] != SAFE[light] for light in SAFE):
        raise Wrong(f"the lights end as {[now[light] for light in SAFE]}, not {list(SAFE.values())}")
