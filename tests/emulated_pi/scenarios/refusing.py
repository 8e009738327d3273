"""What starcourt refuses to do, and how it tells: no pin moves for it."""

import re

from timeline import Wrong
from trial import Trial, tried_again

from .playing import agrees_with_demo


@tried_again
def second_launch(trial: Trial) -> str:
    """The second launch is told who plays, and the first show goes on as if nothing had been."""
    trial.run("starcourt play demo --silent >/tmp/said 2>&1 & first=$!", 0)
    trial.lit_within(20)
    said = trial.run("starcourt play starcourt", 75, "Another instance is already running")
    pid = trial.run("echo $first", 0).split()[-1]
    if not re.search(rf"\(PID: {pid}\): show \"demo\"", said):
        raise Wrong(f"the first launch is PID {pid}, and the second was told:\n{said}")
    trial.run("wait $first", 0)
    return agrees_with_demo(trial)


def strangers(trial: Trial) -> None:
    """Who may not use lock or pins is told how to be allowed to."""
    trial.run("su -s /bin/sh guest -c 'starcourt play demo --silent'", 77, "/run/starcourt")
    # Where there is the device that is meant for programs, and it is closed:
    trial.run("mknod -m 600 /dev/gpiomem c 1 3 && chown pi /dev/gpiochip0", 0)
    trial.run(
        "su -s /bin/sh pi -c 'starcourt play demo --silent'", 77, "/dev/gpiomem", "sudo usermod -aG gpio $USER"
    )
    trial.run("su -s /bin/sh pi -c 'starcourt doctor'", 1, "pi may not use /dev/gpiomem")
    trial.run("rm /dev/gpiomem && chown root /dev/gpiochip0", 0)
    # Debian's kernel has no such device.
    trial.run("su -s /bin/sh pi -c 'starcourt play demo --silent'", 69, "modprobe raspberrypi-gpiomem")
    trial.nothing_moved()


def bad_pins(trial: Trial) -> None:
    """A pin that is reserved, or that the header does not have."""
    for rig, words in (("reserved", ["`lamp`", "reserved"]), ("missing", ["28"])):
        trial.run(f"starcourt play trials/levels.show --silent --rig rigs/{rig}.toml", 65, *words)
        trial.run(f"starcourt doctor --rig rigs/{rig}.toml", 1, "cannot be used:", *words)
    trial.nothing_moved()
