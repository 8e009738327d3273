"""What the chip was told, read from QEMU's log of register writes: levels and modes of pins, in order.

Pure: a log in, events out.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

# Offsets of the registers (BCM2835 ARM peripherals, 6.1); the same on every chip up to the Pi 4's.
MODES = 0x00
SET = 0x1C
CLEAR = 0x28
LEVELS = 0x34

PINS = range(28)
PINS_A_WORD = 10


class What(Enum):
    LOW = "low"
    HIGH = "high"
    OUTPUT = "output"
    INPUT = "input"
    OTHER = "alternate function"


class Event(NamedTuple):
    place: int
    """In the log, in bytes."""
    time: float
    """By the clock of the machine that emulates, in seconds."""
    pin: int
    what: What


WRITE = re.compile(
    rb"^\d+@(?P<time>[0-9.]+):memory_region_ops_write .* addr 0x(?P<address>[0-9a-f]+) value 0x(?P<value>[0-9a-f]+)",
    re.MULTILINE,
)


def events(log: bytes, base: int, modes: list[int]) -> Iterator[Event]:
    """What the pins were told, where `modes` are the mode registers at the log's begin."""
    modes = list(modes)
    for write in WRITE.finditer(log):
        register, value = int(write["address"], 16) - base, int(write["value"], 16)
        place, time = write.start(), float(write["time"])
        if register in (SET, CLEAR):
            what = What.HIGH if register == SET else What.LOW
            for pin in PINS:
                if value >> pin & 1:
                    yield Event(place, time, pin, what)
        elif register in (MODES, MODES + 4, MODES + 8):
            word = register // 4
            for position in range(PINS_A_WORD):
                old, new = (each >> 3 * position & 0b111 for each in (modes[word], value))
                if old != new:
                    yield Event(place, time, word * PINS_A_WORD + position, mode(new))
            modes[word] = value


def mode(bits: int) -> What:
    return {0b000: What.INPUT, 0b001: What.OUTPUT}.get(bits, What.OTHER)
