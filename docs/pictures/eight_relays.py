"""A board of eight relays at the Pi, wired as `deploy/eight-relays.toml` says."""

import tomllib
from pathlib import Path

from drawing import GROUND, INK, QUIET, VOLTS3, VOLTS5, WARNING, Picture
from pins import color_of, contact_of

RIG = Path(__file__).parents[2] / "deploy" / "eight-relays.toml"
PI = 300  # where the Pi's pins end
BOARD = 520  # where the relay board begins
TOP = 206
ROW = 50


def draw():
    channels = tomllib.loads(RIG.read_text())["channels"]
    gpios = [channel["pin"] for channel in channels.values() if channel["kind"] == "relay"]
    picture = Picture(
        1000, 868, "Eight relays that switch on when their pin is low",
        "VCC of the board goes to 3.3 V of the Pi, the jumper is off, and a supply of 5 V of its own feeds JD-VCC.",
    )  # fmt: skip
    picture.text(32, 74, "The jumper is off: the inputs get 3.3 V from the Pi, and the coils get 5 V from a supply of their own.", color=QUIET)
    boards(picture)
    picture.wire([(PI, TOP - ROW), (BOARD, TOP - ROW)], VOLTS3)
    contact(picture, TOP - ROW, 1, "3.3 V")
    terminal(picture, TOP - ROW, "VCC", VOLTS3)
    for number, gpio in enumerate(gpios, start=1):
        y = TOP + (number - 1) * ROW
        held = color_of(contact_of(gpio))
        picture.wire([(PI, y), (BOARD, y)], held)
        contact(picture, y, contact_of(gpio), f"GPIO {gpio}")
        terminal(picture, y, f"IN{number}", held)
        relay(picture, y, number)
    pull_up(picture, TOP + 7 * ROW)
    lamp(picture, TOP)
    supply(picture)
    return picture.svg()


def boards(picture):
    picture.rect(60, 96, PI - 60, TOP + 9 * ROW - 66, "#e3efe6", "#7a9a84", radius=12)
    picture.text(80, 122, "Raspberry Pi", bold=True)
    picture.text(PI - 62, 122, "pin", size=13, color=QUIET, anchor="middle")
    picture.rect(BOARD, 96, 262, TOP + 9 * ROW - 80, "#dfe7f5", "#7488ad", radius=12)
    picture.text(BOARD + 76, 122, "relay board", bold=True)


def contact(picture, y, number, name):
    carries = color_of(number)
    picture.label(80, y, 118, name, carries)
    picture.circle(PI - 62, y, 15, carries)
    picture.text(PI - 62, y + 5, str(number), size=14, color="#ffffff", anchor="middle", bold=True)
    picture.path(f"M198 {y} L{PI - 77} {y}", stroke=carries)
    picture.path(f"M{PI - 47} {y} L{PI} {y}", stroke=carries, stroke_width=3.5)


def terminal(picture, y, name, color):
    picture.rect(BOARD + 6, y - 13, 56, 26, "#ffffff", color, radius=4)
    picture.text(BOARD + 34, y + 5, name, size=14, anchor="middle", bold=True)


def relay(picture, y, number):
    picture.rect(BOARD + 78, y - 20, 92, 40, "#2f5fa8", "#1e3f73", radius=4)
    picture.text(BOARD + 124, y + 5, f"relay {number}", size=14, color="#ffffff", anchor="middle", bold=True)
    for at, name in ((-14, "NO"), (0, "COM"), (14, "NC")):
        picture.rect(BOARD + 216, y + at - 6, 46, 12, "#4d9a63", "#2c6a3e", radius=2, stroke_width=1)
        picture.text(BOARD + 239, y + at + 4, name, size=10, color="#ffffff", anchor="middle", bold=True)


def pull_up(picture, y):
    """The last pin is held low at boot: its resistor holds it high."""
    x = 384
    picture.wire([(x, y), (x, y + 92), (PI, y + 92)], VOLTS3)
    picture.resistor(x, y + 44, "4.7 kΩ", upright=True)
    picture.joint(x, y, INK)
    contact(picture, y + 92, 17, "3.3 V")
    picture.text(x + 18, y + 72, "holds IN8 high", size=13, color=QUIET)


def lamp(picture, y):
    """One low-voltage lamp: the others alike."""
    right = BOARD + 262
    picture.wire([(right, y), (852, y), (852, y + 88)], WARNING)
    picture.wire([(right, y - 14), (930, y - 14), (930, y + 28)], INK)
    picture.wire([(930, y + 62), (930, y + 88)], INK)
    picture.circle(930, y + 45, 17, "#ffe9a8", INK, 2)
    picture.path(f"M918 {y + 33} L942 {y + 57} M942 {y + 33} L918 {y + 57}", stroke_width=1.5)
    picture.text(904, y + 50, "lamp", size=13, anchor="end")
    fuse_y = y + 62
    picture.rect(842, fuse_y - 24, 20, 48, "#ffffff", INK, radius=10)
    picture.path(f"M852 {fuse_y - 24} L852 {fuse_y + 24}")
    picture.text(836, fuse_y + 5, "fuse", size=13, anchor="end")
    picture.rect(814, y + 88, 148, 66, "#f0ece2", "#8f8872", radius=8)
    picture.text(852, y + 109, "+", size=18, color=WARNING, anchor="middle", bold=True)
    picture.text(930, y + 109, "−", size=18, anchor="middle", bold=True)
    picture.text(888, y + 137, "12 V supply", anchor="middle", bold=True)
    picture.text(888, y + 180, "each further lamp:", size=13, anchor="middle", color=QUIET)
    picture.text(888, y + 198, "a fuse of its own", size=13, anchor="middle", color=QUIET)
    mains(picture, y + 232)


def mains(picture, y):
    picture.rect(804, y, 168, 142, "#fdecea", WARNING, radius=8, dash="6 4")
    for at, words in enumerate(("Mains on a relay?", "Only a qualified", "person connects it,", "in a closed box.", "Unplug it first.")):
        picture.text(888, y + 27 + at * 24, words, anchor="middle", color=WARNING, bold=at == 0)


def supply(picture):
    """The coils' own supply, and the block of three pins whose jumper is off."""
    y = TOP + 9 * ROW - 12
    for at, (name, color) in enumerate((("JD-VCC", VOLTS5), ("VCC", "#9aa1ac"), ("GND", GROUND))):
        x = BOARD + 30 + at * 76
        picture.rect(x, y - 34, 70, 26, "#ffffff", color, radius=4)
        picture.text(x + 35, y - 16, name, size=13, anchor="middle", bold=True)
    bottom = 770
    picture.rect(BOARD + 10, bottom, 242, 64, "#f0ece2", "#8f8872", radius=8)
    picture.text(BOARD + 131, bottom + 26, "5 V supply, 1 A or more", anchor="middle", bold=True)
    picture.text(BOARD + 131, bottom + 48, "for the coils: 0.6 A if all are on", size=13, anchor="middle", color=QUIET)
    picture.wire([(BOARD + 65, y - 8), (BOARD + 65, bottom)], VOLTS5)
    picture.wire([(BOARD + 217, y - 8), (BOARD + 217, bottom)], GROUND)
    picture.text(BOARD + 50, bottom - 14, "+", size=18, color=VOLTS5, anchor="end", bold=True)
    picture.text(BOARD + 232, bottom - 14, "−", size=18, color=GROUND, bold=True)
    picture.rect(BOARD + 108, bottom - 66, 68, 24, "#22262e", radius=4)
    picture.text(BOARD + 142, bottom - 25, "jumper, off", size=13, color=QUIET, anchor="middle")
    for at, words in enumerate(("No other wire joins Pi and board:", "no ground, no 5 V. An optocoupler", "carries each order across.")):
        picture.text(60, bottom + 16 + at * 22, words, color=INK if at == 0 else QUIET, bold=at == 0)
