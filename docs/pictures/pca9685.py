"""A PCA9685 on the I²C bus, with a MOSFET and an LED strip at its output 7."""

from drawing import GROUND, INK, QUIET, VOLTS3, VOLTS5, Picture
from i2c import CLOCK, DATA, OUTPUT, PI, chip, pi

PLUS = VOLTS5
VOLTS_Y, DATA_Y, CLOCK_Y, ENABLE_Y, ADDRESS_Y, GROUND_Y = 172, 232, 282, 352, 402, 600
CHIP, WIDTH, CHIP_END = 380, 190, 462
FIRST, PITCH = 148, 20
USED = 7
GATE_Y = FIRST + USED * PITCH
MOSFET = 838


def draw():
    picture = Picture(
        1000, 740, "An LED strip behind a PCA9685",
        "SDA and SCL go from the Pi to the chip. OE and the address pins are at ground. Output 7 drives the gate of a MOSFET, as a pin of the Pi does.",
    )  # fmt: skip
    picture.text(32, 74, "The chip dims 16 strips by itself. One MOSFET and two resistors for each strip.", color=QUIET)
    pi(picture, 112, GROUND_Y + 34, VOLTS_Y, DATA_Y, CLOCK_Y, GROUND_Y)
    chip(picture, CHIP, 112, WIDTH, CHIP_END, "", (
        (VOLTS_Y, "VDD", "28"), (DATA_Y, "SDA", "27"), (CLOCK_Y, "SCL", "26"), (ENABLE_Y, "OE", "23"),
        (ADDRESS_Y - 18, "A0 to A4", ""), (ADDRESS_Y, "1 to 5", ""), (ADDRESS_Y + 22, "A5  EXTCLK", ""),
        (ADDRESS_Y + 40, "24  25", ""),
    ))  # fmt: skip
    picture.text(CHIP + 12, 140, "PCA9685", color="#c9ccd2", bold=True)
    wires(picture)
    outputs(picture)
    mosfet(picture)
    strip_and_supply(picture)
    words(picture)
    return picture.svg()


def wires(picture):
    picture.wire([(PI, VOLTS_Y), (CHIP, VOLTS_Y)], VOLTS3)
    picture.wire([(PI, DATA_Y), (CHIP, DATA_Y)], DATA)
    picture.wire([(PI, CLOCK_Y), (CHIP, CLOCK_Y)], CLOCK)
    picture.wire([(PI, GROUND_Y), (MOSFET + 36, GROUND_Y)], GROUND)
    picture.wire([(CHIP, ENABLE_Y), (330, ENABLE_Y), (330, GROUND_Y)], GROUND)
    picture.wire([(CHIP, ADDRESS_Y), (330, ADDRESS_Y)], GROUND)
    picture.wire([(CHIP + 80, CHIP_END), (CHIP + 80, GROUND_Y)], GROUND)
    picture.text(CHIP + 92, CHIP_END + 20, "VSS", size=14, bold=True)
    picture.text(CHIP + 126, CHIP_END + 20, "14", size=13, color=QUIET)
    picture.joint(330, ADDRESS_Y, GROUND)
    picture.joint(330, GROUND_Y, GROUND)
    picture.joint(CHIP + 80, GROUND_Y, GROUND)


def outputs(picture):
    """All 16, of which one is used."""
    for output in range(16):
        y = FIRST + output * PITCH
        picture.rect(CHIP + WIDTH, y - 4, 18, 8, "#b9bec7", "#8b909a", radius=1)
        picture.text(CHIP + WIDTH - 10, y + 5, str(output), size=13, color="#ffffff", anchor="end", bold=True)
        number = 6 + output if output < 8 else 7 + output
        picture.text(CHIP + WIDTH - 40, y + 5, str(number), size=12, color="#c9ccd2", anchor="end")
    picture.text(CHIP + WIDTH - 10, FIRST - 18, "output", size=12, color="#c9ccd2", anchor="end")


def mosfet(picture):
    """Seen from its printed side: gate, drain, source."""
    picture.rect(MOSFET - 52, 300, 104, 40, "#c9ccd2", "#8b909a", radius=4)
    picture.circle(MOSFET, 318, 9, "#faf8f3", "#8b909a")
    picture.rect(MOSFET - 60, 338, 120, 84, "#2b2f38", radius=6)
    picture.text(MOSFET, 376, "IRLZ44N", color="#ffffff", anchor="middle", bold=True)
    picture.text(MOSFET, 398, "MOSFET", size=13, color="#c9ccd2", anchor="middle")
    for at, name in enumerate(("G", "D", "S")):
        x = MOSFET - 36 + at * 36
        picture.rect(x - 5, 422, 10, 50, "#b9bec7", "#8b909a", radius=1)
        picture.text(x + 9, 440, name, size=14, bold=True)
    picture.text(MOSFET, 264, "gate, drain, source:", size=13, color=QUIET, anchor="middle")
    picture.text(MOSFET, 282, "seen from the printed side", size=13, color=QUIET, anchor="middle")
    picture.wire([(CHIP + WIDTH + 18, GATE_Y), (720, GATE_Y), (720, 506), (MOSFET - 36, 506), (MOSFET - 36, 472)], OUTPUT)
    picture.resistor(654, GATE_Y, "150 Ω")
    picture.wire([(720, 506), (720, GROUND_Y)], GROUND)
    picture.resistor(720, 552, "10 kΩ", upright=True)
    picture.text(702, 548, "holds the gate low:", size=13, color=QUIET, anchor="end")
    picture.text(702, 566, "dark without the chip", size=13, color=QUIET, anchor="end")
    picture.joint(720, 506, OUTPUT)
    picture.joint(720, GROUND_Y, GROUND)
    picture.wire([(MOSFET + 36, 472), (MOSFET + 36, GROUND_Y)], GROUND)
    picture.joint(MOSFET + 36, GROUND_Y, GROUND)


def strip_and_supply(picture):
    picture.text(632, 104, "LED strip of one color", bold=True)
    picture.rect(632, 116, 300, 72, "#fff7dd", "#b59b4a", radius=6)
    for at in range(5):
        picture.rect(652 + at * 46, 138, 28, 28, "#ffe38a", "#b59b4a", radius=4)
        picture.circle(666 + at * 46, 152, 7, "#fffdf2")
    picture.text(922, 144, "+", size=20, color=PLUS, anchor="end", bold=True)
    picture.text(922, 178, "−", size=20, anchor="end", bold=True)
    picture.wire([(932, 172), (950, 172), (950, 528), (MOSFET, 528), (MOSFET, 472)], INK)
    picture.wire([(932, 138), (974, 138), (974, 672), (790, 672)], PLUS)
    picture.fuse(880, 672, "fuse")
    picture.rect(600, 640, 190, 64, "#f0ece2", "#8f8872", radius=10)
    picture.text(695, 692, "12 or 24 V supply", anchor="middle", bold=True)
    picture.text(782, 666, "+", size=18, color=PLUS, anchor="end", bold=True)
    picture.text(612, 662, "−", size=18, bold=True)
    picture.wire([(620, 640), (620, GROUND_Y)], GROUND)
    picture.joint(620, GROUND_Y, GROUND)


def words(picture):
    picture.text(40, 668, "OE at ground enables the outputs. A0 to A5: address 0x40.", bold=True)
    picture.text(40, 690, "Common ground: Pi, chip, source and the minus of the supply.", size=13, color=QUIET)
    picture.text(40, 710, "From power-on until starcourt starts, all outputs are low: dark.", size=13, color=QUIET)
