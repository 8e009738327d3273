"""The rig as its pins see it: which are wired, what they rest at, and what a level means there."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from registers import What

# The 40-pin header's places, by the GPIO line that each carries.
HEADER = {
    3: 2, 5: 3, 7: 4, 8: 14, 10: 15, 11: 17, 12: 18, 13: 27, 15: 22, 16: 23, 18: 24, 19: 10, 21: 9, 22: 25,
    23: 11, 24: 8, 26: 7, 27: 0, 28: 1, 29: 5, 31: 6, 32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
}  # fmt: skip


@dataclass(frozen=True)
class Channel:
    name: str
    pin: int
    switched: bool
    """It is on or off, and has no levels between."""
    lit: What

    @property
    def dark(self) -> What:
        return What.LOW if self.lit is What.HIGH else What.HIGH


def channels(path: Path) -> list[Channel]:
    """The channels of the rig at `path`, all of which rest dark."""
    described = tomllib.loads(path.read_text())["channels"]
    return [
        Channel(
            name=name,
            pin=wiring["pin"] if "pin" in wiring else HEADER[wiring["header"]],
            switched=wiring["kind"] != "pwm",
            lit=What.LOW if wiring.get("active") == "low" else What.HIGH,
        )
        for name, wiring in described.items()
    ]
