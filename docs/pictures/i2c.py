"""What the pictures of chips on the I²C bus share: the Pi, a chip with its pins, a relay board with a supply of its own."""

from drawing import GROUND, HELD_LOW, INK, QUIET, VOLTS3, VOLTS5
from pins import contact_of

DATA = "#7c3aed"
CLOCK = HELD_LOW
OUTPUT = "#0f766e"
PI = 250  # where the Pi's pins end


def pi(picture, top, bottom, volts, data, clock, ground):
    """The four wires of the bus leave the Pi at these heights."""
    picture.rect(40, top, PI - 40, bottom - top, "#e3efe6", "#7a9a84", radius=12)
    picture.text(60, top + 26, "Raspberry Pi", bold=True)
    picture.text(206, top + 26, "pin", size=13, color=QUIET, anchor="middle")
    for y, name, contact, color in (
        (volts, "3.3 V", 1, VOLTS3),
        (data, "GPIO 2", contact_of(2), DATA),
        (clock, "GPIO 3", contact_of(3), CLOCK),
        (ground, "ground", 9, GROUND),
    ):
        picture.label(60, y, 100, name, color)
        picture.path(f"M160 {y} L{PI} {y}", stroke=color, stroke_width=3.5)
        picture.circle(206, y, 15, color)
        picture.text(206, y + 5, str(contact), size=14, color="#ffffff", anchor="middle", bold=True)
    for y, name, color in ((data, "SDA", DATA), (clock, "SCL", CLOCK)):
        picture.text(PI + 12, y - 9, name, size=13, color=color, bold=True)


def chip(picture, x, top, width, bottom, name, pins):
    """`pins`: height, name and number of each pin on its left side."""
    picture.rect(x, top, width, bottom - top, "#2b2f38", radius=8)
    picture.text(x + width / 2, top + 22, name, color="#c9ccd2", anchor="middle", bold=True)
    for y, pin, number in pins:
        picture.text(x + 12, y + 5, pin, size=14, color="#ffffff")
        picture.text(x + 96, y + 5, number, size=13, color="#c9ccd2", anchor="end")


def legs(picture, x, y, pitch, names, numbers):
    """Outputs that leave a chip at its lower side."""
    for at, (name, number) in enumerate(zip(names, numbers, strict=True)):
        middle = x + at * pitch
        picture.rect(middle - 4, y, 8, 24, "#b9bec7", "#8b909a", radius=1)
        picture.text(middle, y + 42, name, size=13, anchor="middle", bold=True)
        picture.text(middle, y + 60, str(number), size=13, color=QUIET, anchor="middle")


def relay_board(picture, x, volts, rows):
    """It gets 3.3 V at the height `volts`, and an order at each of `rows`; its coils get 5 V. Returns its lower side."""
    bottom = rows[-1] + 84
    picture.rect(x, volts - 54, 262, bottom - volts + 54, "#dfe7f5", "#7488ad", radius=12)
    picture.text(x + 131, volts - 30, "relay board", anchor="middle", bold=True)
    terminal(picture, x, volts, "VCC", VOLTS3)
    for number, y in enumerate(rows, start=1):
        terminal(picture, x, y, f"IN{number}", OUTPUT)
        picture.rect(x + 78, y - 16, 92, 32, "#2f5fa8", "#1e3f73", radius=4)
        picture.text(x + 124, y + 5, f"relay {number}", size=14, color="#ffffff", anchor="middle", bold=True)
        for at, name in ((-12, "NO"), (0, "COM"), (12, "NC")):
            picture.rect(x + 216, y + at - 5.5, 46, 11, "#4d9a63", "#2c6a3e", radius=2, stroke_width=1)
            picture.text(x + 239, y + at + 3.5, name, size=10, color="#ffffff", anchor="middle", bold=True)
    coils(picture, x, bottom)
    return bottom


def terminal(picture, x, y, name, color):
    picture.rect(x + 6, y - 13, 56, 26, "#ffffff", color, radius=4)
    picture.text(x + 34, y + 5, name, size=14, anchor="middle", bold=True)


def coils(picture, x, y):
    """The supply of the coils, below the board, whose jumper is off."""
    for at, (name, color) in enumerate((("JD-VCC", VOLTS5), ("VCC", "#9aa1ac"), ("GND", GROUND))):
        left = x + 20 + at * 76
        picture.rect(left, y - 40, 70, 26, "#ffffff", color, radius=4)
        picture.text(left + 35, y - 22, name, size=13, anchor="middle", bold=True)
    supply = y + 60
    picture.wire([(x + 55, y - 14), (x + 55, supply)], VOLTS5)
    picture.wire([(x + 207, y - 14), (x + 207, supply)], GROUND)
    picture.text(x + 40, supply - 12, "+", size=18, color=VOLTS5, anchor="end", bold=True)
    picture.text(x + 222, supply - 12, "−", size=18, color=GROUND, bold=True)
    picture.rect(x + 97, y + 8, 68, 20, "#22262e", radius=4)
    picture.text(x + 131, y + 46, "jumper, off", size=13, color=QUIET, anchor="middle")
    picture.rect(x + 10, supply, 242, 46, "#f0ece2", "#8f8872", radius=8)
    picture.text(x + 131, supply + 29, "5 V supply for the coils", anchor="middle", bold=True)


def notes(picture, y, lines):
    """What a reader must not miss; the first words of each line are bold."""
    for at, (first, rest) in enumerate(lines):
        picture.text(40, y + at * 46, first, color=INK, bold=True)
        picture.text(40, y + 20 + at * 46, rest, size=13, color=QUIET)
