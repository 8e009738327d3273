"""The sound card: gone, needed, and with a clock that runs slow."""

import statistics

from registers import What
from timeline import Wrong
from trial import Trial, tried_again

# What guest/shows/ticks.show has of them in a second.
TICKS = 5
# In seconds; far more than the card's shift makes of one.
DISTURBED = 0.002
SLOW_PPM = 300
# More than twice what repeated runs on a busy machine differed by.
PPM_BOUND = 150


def no_sound_card(trial: Trial) -> None:
    """The show plays by the machine's clock and says so; a rig that requires sound does not play."""
    trial.run("rmmod snd-aloop", 0)
    trial.run("starcourt play demo --from 0:12", 0, "No sound: this machine has no sound device. The lights play on.", "to its end")
    trial.is_safe()
    trial.run("starcourt doctor", 1, "there is no sound card")
    trial.run("starcourt play trials/ticks.show --rig rigs/required.toml", 69, "this machine has no sound device")
    trial.run("insmod /modules/snd-aloop.ko", 0)
    trial.run("starcourt doctor", 1, "sound cards: Loopback", "Raspberry Pi 4 Model B")


@tried_again
def slow_sound_card(trial: Trial) -> str:
    """Where the card plays slower than it says, the lights do as well."""
    true, slow = pace(trial, 0), pace(trial, SLOW_PPM)
    shift = (slow / true - 1) * 1e6
    told = f"the lights are slower by {shift:.0f} ppm"
    if abs(shift - SLOW_PPM) > PPM_BOUND:
        raise Wrong(told)
    return told


def pace(trial: Trial, slow_ppm: int) -> float:
    """How long a second of the show takes with a card that is slow by that much."""
    control = "iface=PCM,name='PCM Rate Shift 100000',device=1,subdevice=0"
    trial.run(f"amixer -q -c Loopback cset {control} {round(1e5 * (1 + slow_ppm / 1e6))}", 0)
    trial.begin()
    trial.play_with_sound("trials/ticks.show --rig rigs/lamp.toml")
    ticks = [event.time for event in trial.events() if event.pin == 16 and event.what is What.HIGH]
    seconds = [later - tick for tick, later in zip(ticks, ticks[TICKS:])]
    # Where the emulation stood still the sound did, and the lights with it.
    undisturbed = [second for second in seconds if abs(second - 1) < DISTURBED]
    if len(undisturbed) < 40:
        raise Wrong(f"only {len(undisturbed)} of {len(seconds)} seconds were undisturbed")
    return statistics.median(undisturbed)
