"""Two shift registers 74HC595 in a chain: data from chip to chip, clock, latch and OE to both."""

from drawing import GROUND, HELD_HIGH, HELD_LOW, INK, QUIET, VOLTS3, Picture
from pins import contact_of

DATA = "#7c3aed"
CLOCK = HELD_LOW
LATCH = HELD_HIGH
ENABLE = "#be123c"

DATA_Y, CLOCK_Y, LATCH_Y, ENABLE_Y = 156, 206, 256, 306
SUPPLY_Y, GROUND_Y = 356, 406
CHIPS = (420, 730)


def draw():
    picture = Picture(
        1000, 600, "A chain of shift registers 74HC595",
        "Data goes from the Pi through the first chip into the second. Clock, latch and OE go to both, and 10 kilo-ohms hold OE at 3.3 V.",
    )  # fmt: skip
    picture.text(32, 74, "Four pins for eight outputs a chip. The next chip hangs on QH' of the one before; the other wires go to every chip.", color=QUIET)
    pi(picture)
    for at, x in enumerate(CHIPS):
        chip(picture, x, at)
    wires(picture)
    return picture.svg()


def pi(picture):
    picture.rect(40, 116, 220, 320, "#e3efe6", "#7a9a84", radius=12)
    picture.text(60, 142, "Raspberry Pi", bold=True)
    for y, name, contact, color in (
        (DATA_Y + 10, "GPIO 10", contact_of(10), DATA),
        (CLOCK_Y, "GPIO 11", contact_of(11), CLOCK),
        (LATCH_Y, "GPIO 8", contact_of(8), LATCH),
        (ENABLE_Y, "GPIO 25", contact_of(25), ENABLE),
        (SUPPLY_Y, "3.3 V", 17, VOLTS3),
        (GROUND_Y, "ground", 20, GROUND),
    ):
        picture.label(60, y, 100, name, color)
        picture.path(f"M160 {y} L260 {y}", stroke=color, stroke_width=3.5)
        picture.circle(212, y, 15, color)
        picture.text(212, y + 5, str(contact), size=14, color="#ffffff", anchor="middle", bold=True)


def chip(picture, x, at):
    picture.rect(x, 130, 190, 300, "#2b2f38", radius=8)
    for y, name, pin in (
        (DATA_Y + 10, "SER", 14), (CLOCK_Y, "SRCLK", 11), (LATCH_Y, "RCLK", 12), (ENABLE_Y, "OE", 13),
        (SUPPLY_Y, "VCC, SRCLR", "16, 10"), (GROUND_Y, "GND", 8),
    ):  # fmt: skip
        picture.text(x + 12, y + 5, f"{name}  {pin}", size=14, color="#ffffff")
    picture.text(x + 178, DATA_Y + 15, "9  QH'", size=14, color="#ffffff", anchor="end")
    picture.text(x + 178, LATCH_Y + 8, "74HC595", color="#c9ccd2", anchor="end", bold=True)
    for output in range(8):
        middle = x + 18 + output * 22
        picture.rect(middle - 4, 430, 8, 26, "#b9bec7", "#8b909a", radius=1)
        picture.text(middle, 474, str(at * 8 + output), size=13, anchor="middle", bold=True)
    picture.text(x + 95, 500, f"outputs {at * 8} to {at * 8 + 7}: QA (pin 15),", size=13, color=QUIET, anchor="middle")
    picture.text(x + 95, 518, "QB to QH (pins 1 to 7)", size=13, color=QUIET, anchor="middle")


def wires(picture):
    first, second = CHIPS
    picture.wire([(260, DATA_Y + 10), (first, DATA_Y + 10)], DATA)
    picture.wire([(first + 190, DATA_Y + 10), (second, DATA_Y + 10)], DATA)
    # Behind the first chip the others go on to the second.
    others = ((CLOCK_Y, CLOCK), (LATCH_Y, LATCH), (ENABLE_Y, ENABLE), (SUPPLY_Y, VOLTS3), (GROUND_Y, GROUND))
    for y, color in others:
        picture.wire([(260, y), (first, y)], color)
        picture.wire([(first + 190, y), (second, y)], color)
        picture.text(first + 250, y - 8, "the same", size=13, color=QUIET, anchor="middle")
    picture.wire([(330, ENABLE_Y), (330, SUPPLY_Y)], INK)
    picture.joint(330, ENABLE_Y, ENABLE)
    picture.joint(330, SUPPLY_Y, VOLTS3)
    picture.resistor(330, (ENABLE_Y + SUPPLY_Y) // 2, "10 kΩ", length=34, upright=True)
    picture.text(40, 556, "10 kΩ from OE to 3.3 V: all outputs are off until starcourt has made them safe.", bold=True)
    picture.text(40, 578, "At each chip 100 nF between VCC and GND. Relays have a supply of their own for their coils.", size=13, color=QUIET)
