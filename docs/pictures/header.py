"""The 40-pin header, with the pins that are safe for each kind of board."""

from drawing import GROUND, HELD_HIGH, HELD_LOW, INK, LEAVE_FREE, QUIET, VOLTS3, VOLTS5, Picture
from pins import CONTACTS, OTHER_JOBS, color_of, is_held_high, name_of

ROW = 33
TOP = 118
MIDDLE = 500


def triangle(picture, x, y, points_up):
    tip = -5 if points_up else 5
    picture.path(f"M{x - 6} {y - tip} L{x + 6} {y - tip} L{x} {y + tip} Z", stroke="none", fill="#ffffff")


def draw():
    picture = Picture(
        1000, 1000, "The 40-pin header: which pin for which board",
        "GPIO 2 to 8 are held high while the Pi boots, for relays that switch on when the pin is low. GPIO 9 to 27 are held low, "
        "for MOSFETs, solid-state relays and boards that switch on when the pin is high.",
    )  # fmt: skip
    picture.text(32, 74, "Seen from above, with the header at the upper right of the board. Pin 1 has the square pad.", color=QUIET)
    board(picture)
    picture.rect(MIDDLE - 42, TOP - 22, 84, 20 * ROW + 11, "#22262e", radius=8)
    for contact in range(1, 41):
        pin(picture, contact)
    legend(picture)
    return picture.svg()


def pin(picture, contact):
    side = -1 if contact % 2 else 1
    y = TOP + (contact - 1) // 2 * ROW
    color, carries = color_of(contact), CONTACTS[contact - 1]
    told = f"pin {contact}: {name_of(contact)}"
    if isinstance(carries, int):
        told += ", high at boot" if is_held_high(carries) else ", low at boot"
    picture.rect(MIDDLE + side * 21 - 15, y - 14, 30, 28, color, radius=3 if contact == 1 else 14, title=told)
    picture.text(MIDDLE + side * 21, y + 5, str(contact), size=14, color="#ffffff", anchor="middle", bold=True)
    left = MIDDLE + 52 if side > 0 else MIDDLE - 52 - 112
    picture.label(left, y, 112, name_of(contact), color)
    if isinstance(carries, int) and carries > 1:
        triangle(picture, left + (101 if side > 0 else 11), y, is_held_high(carries))
    if carries in OTHER_JOBS:
        picture.text(MIDDLE + side * 174, y + 5, OTHER_JOBS[carries], size=13, color=QUIET, anchor="start" if side > 0 else "end")


def board(picture):
    """Where the header is on the Pi."""
    x, y = 40, 104
    picture.rect(x, y, 118, 176, "#e3efe6", "#7a9a84", radius=10)
    picture.rect(x + 94, y + 12, 16, 112, "#22262e", radius=2)
    picture.rect(x + 96, y + 14, 5, 5, VOLTS3, radius=0)
    picture.rect(x + 36, y - 5, 40, 14, "#c9ccd2", "#8b909a", radius=2)
    picture.text(x + 18, y + 30, "SD card", size=12, color=QUIET)
    for at in (6, 44, 82):
        picture.rect(x + at, y + 150, 30, 34, "#c9ccd2", "#8b909a", radius=2)
    picture.text(x + 12, y + 142, "USB", size=12, color=QUIET)
    picture.path(f"M{x + 104} {y + 16} L{x + 140} {y + 16}", stroke=VOLTS3, stroke_width=1.5)
    picture.text(x + 144, y + 21, "pin 1", size=13, color=VOLTS3, bold=True)


def legend(picture):
    y = TOP + 20 * ROW + 22
    for color, up, head, words in (
        (HELD_HIGH, True, "held high while the Pi boots", "for relay boards that switch on when the pin is low: they stay dark"),
        (HELD_LOW, False, "held low while the Pi boots", "for MOSFETs, solid-state relays and boards that switch on when the pin is high"),
        (LEAVE_FREE, None, "leave free", "the Pi reads these pins at boot, to find add-on boards"),
    ):
        picture.label(32, y, 44, "", color)
        if up is not None:
            triangle(picture, 54, y, up)
        picture.text(90, y + 5, head, bold=True)
        picture.text(352, y + 5, words, color=INK)
        y += 36
    for x, color, words in ((32, VOLTS3, "3.3 V"), (130, VOLTS5, "5 V"), (228, GROUND, "ground")):
        picture.label(x, y, 84, words, color)
    picture.text(352, y + 5, "never connect these to each other, nor 5 V to a GPIO", color=INK)
    picture.text(32, y + 42, "Gray words: a pin has this job only if you turned it on. Otherwise use the pin freely.", size=13, color=QUIET)
