"""What ends a show before its end."""

from trial import Scenario, Trial, check

# Until the show is heard or, without sound, seen.
LIT_WITHIN = 20.0


def ctrl_c(trial: Trial) -> None:
    """Ctrl-C on the terminal that it plays in."""
    command = "starcourt play demo --silent"
    trial.pi.begin(command)
    trial.lit_within(LIT_WITHIN)
    trial.pi.press_ctrl_c()
    check(trial.pi.finish(), command, 0, ("the lights are safe",))
    trial.is_safe()
    trial.may_play()


def signal(name: str) -> Scenario:
    def scenario(trial: Trial) -> None:
        trial.run("starcourt play demo --silent >/tmp/said 2>&1 &", 0)
        trial.lit_within(LIT_WITHIN)
        trial.run(f"kill -{name} $!; wait $!", 0)
        trial.run("cat /tmp/said", 0, "the lights are safe")
        trial.is_safe()
        trial.may_play()

    scenario.__doc__ = f"SIG{name} to a show in the background."
    return scenario
