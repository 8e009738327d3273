"""What each of the 40 contacts of the header carries. `tests/documents` compares this with the program's own table."""

from drawing import GROUND, HELD_HIGH, HELD_LOW, LEAVE_FREE, VOLTS3, VOLTS5

# Contacts 1 to 40: a GPIO number, or what else it carries.
CONTACTS = [
    "3.3 V", "5 V", 2, "5 V", 3, "ground", 4, 14, "ground", 15, 17, 18, 27, "ground", 22, 23, "3.3 V", 24, 10, "ground",
    9, 25, 11, 8, "ground", 7, 0, 1, 5, "ground", 6, 12, 13, "ground", 19, 16, 26, 20, "ground", 21,
]  # fmt: skip

# What else a GPIO may be used for.
OTHER_JOBS = {
    0: "add-on boards", 1: "add-on boards", 2: "I²C", 3: "I²C",
    7: "SPI", 8: "SPI", 9: "SPI", 10: "SPI", 11: "SPI", 14: "serial console", 15: "serial console",
    12: "dimmed by the chip", 13: "dimmed by the chip", 18: "dimmed by the chip; sound boards",
    19: "dimmed by the chip; sound boards", 20: "sound boards", 21: "sound boards",
}  # fmt: skip


def contact_of(gpio):
    return CONTACTS.index(gpio) + 1


def is_held_high(gpio):
    """While the Pi boots; the others are held low."""
    return gpio <= 8


def name_of(contact):
    carries = CONTACTS[contact - 1]
    return f"GPIO {carries}" if isinstance(carries, int) else carries


def color_of(contact):
    carries = CONTACTS[contact - 1]
    if not isinstance(carries, int):
        return {"3.3 V": VOLTS3, "5 V": VOLTS5, "ground": GROUND}[carries]
    if carries <= 1:
        return LEAVE_FREE
    return HELD_HIGH if is_held_high(carries) else HELD_LOW
