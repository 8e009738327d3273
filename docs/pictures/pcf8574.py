"""A PCF8574 on the I²C bus, with a board of four relays at its outputs 0 to 3."""

from drawing import GROUND, QUIET, VOLTS3, Picture
from i2c import CLOCK, DATA, OUTPUT, PI, chip, legs, notes, pi, relay_board

VOLTS_Y, SUPPLY_Y, HIGH_Y, DATA_Y, CLOCK_Y, LOW_Y, GROUND_Y = 150, 212, 252, 296, 340, 384, 424
CHIP, WIDTH, CHIP_END = 400, 190, 456
BOARD = 700
ROWS = [226 + at * 48 for at in range(4)]


def draw():
    picture = Picture(
        1000, 650, "Four relays behind a PCF8574",
        "SDA and SCL go from the Pi to the chip. A0 is at 3.3 V, A1 and A2 are at ground, and P0 to P3 drive a relay board.",
    )  # fmt: skip
    picture.text(32, 74, "Eight outputs. They are right for boards that switch on when their input is low, and for no others.", color=QUIET)
    pi(picture, 96, 458, VOLTS_Y, DATA_Y, CLOCK_Y, GROUND_Y)
    relay_board(picture, BOARD, VOLTS_Y, ROWS)
    chip(picture, CHIP, 164, WIDTH, CHIP_END, "PCF8574", (
        (SUPPLY_Y, "VDD", "16"), (HIGH_Y, "A0", "1"), (DATA_Y, "SDA", "15"), (CLOCK_Y, "SCL", "14"),
        (LOW_Y, "A1 A2", "2 3"), (GROUND_Y, "VSS", "8"),
    ))  # fmt: skip
    wires(picture)
    outputs(picture)
    notes(picture, 566, (
        ("A0 at 3.3 V, A1 and A2 at ground: address 0x21.", "A PCF8574A has the address 0x39 with the same wires."),
        ("From power-on until starcourt starts, all outputs are high.", "The board switches on when low, so all its relays are off."),
    ))  # fmt: skip
    return picture.svg()


def wires(picture):
    picture.wire([(PI, VOLTS_Y), (BOARD, VOLTS_Y)], VOLTS3)
    picture.wire([(340, VOLTS_Y), (340, HIGH_Y), (CHIP, HIGH_Y)], VOLTS3)
    picture.wire([(340, SUPPLY_Y), (CHIP, SUPPLY_Y)], VOLTS3)
    picture.joint(340, VOLTS_Y, VOLTS3)
    picture.joint(340, SUPPLY_Y, VOLTS3)
    picture.wire([(PI, DATA_Y), (CHIP, DATA_Y)], DATA)
    picture.wire([(PI, CLOCK_Y), (CHIP, CLOCK_Y)], CLOCK)
    picture.wire([(CHIP, LOW_Y), (340, LOW_Y), (340, GROUND_Y)], GROUND)
    picture.wire([(PI, GROUND_Y), (CHIP, GROUND_Y)], GROUND)
    picture.joint(340, GROUND_Y, GROUND)


def outputs(picture):
    for at, y in enumerate(ROWS):
        picture.wire([(CHIP + WIDTH, y), (BOARD, y)], OUTPUT)
        picture.text(CHIP + WIDTH - 12, y + 5, f"P{at}", size=14, color="#ffffff", anchor="end", bold=True)
        picture.text(CHIP + WIDTH - 44, y + 5, str(4 + at), size=13, color="#c9ccd2", anchor="end")
    legs(picture, CHIP + 50, CHIP_END, 30, [f"P{at}" for at in range(4, 8)], range(9, 13))
    picture.text(CHIP + WIDTH / 2, CHIP_END + 82, "P0 to P7 are the outputs 0 to 7", size=13, color=QUIET, anchor="middle")
