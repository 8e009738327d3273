"""An MCP23017 on the I²C bus, with a board of eight relays at its outputs A0 to A7."""

from drawing import GROUND, QUIET, VOLTS3, Picture
from i2c import CLOCK, DATA, OUTPUT, PI, chip, legs, notes, pi, relay_board

VOLTS_Y, SUPPLY_Y, RESET_Y, DATA_Y, CLOCK_Y, ADDRESS_Y, GROUND_Y = 150, 212, 262, 312, 362, 422, 482
CHIP, WIDTH, CHIP_END = 400, 200, 520
BOARD = 700
ROWS = [212 + at * 40 for at in range(8)]


def draw():
    picture = Picture(
        1000, 728, "Eight relays behind an MCP23017",
        "SDA and SCL go from the Pi to the chip. RESET is held at 3.3 V, the address pins are at ground, and A0 to A7 drive a relay board.",
    )  # fmt: skip
    picture.text(32, 74, "Two wires for 16 outputs a chip. Up to eight chips share the same four wires from the Pi.", color=QUIET)
    pi(picture, 96, 516, VOLTS_Y, DATA_Y, CLOCK_Y, GROUND_Y)
    relay_board(picture, BOARD, VOLTS_Y, ROWS)
    chip(picture, CHIP, 164, WIDTH, CHIP_END, "MCP23017", (
        (SUPPLY_Y, "VDD", "9"), (RESET_Y, "RESET", "18"), (DATA_Y, "SDA", "13"), (CLOCK_Y, "SCL", "12"),
        (ADDRESS_Y, "A0 A1 A2", ""), (ADDRESS_Y + 20, "15 16 17", ""), (GROUND_Y, "VSS", "10"),
    ))  # fmt: skip
    wires(picture)
    outputs(picture)
    notes(picture, 636, (
        ("A0, A1 and A2 at ground: address 0x20.", "One of them at 3.3 V gives another address."),
        ("Until starcourt runs, the outputs drive nothing.", "No current flows through the inputs: all relays are off."),
    ))  # fmt: skip
    return picture.svg()


def wires(picture):
    picture.wire([(PI, VOLTS_Y), (BOARD, VOLTS_Y)], VOLTS3)
    picture.wire([(340, VOLTS_Y), (340, SUPPLY_Y), (CHIP, SUPPLY_Y)], VOLTS3)
    picture.joint(340, VOLTS_Y, VOLTS3)
    picture.wire([(340, SUPPLY_Y), (340, RESET_Y), (CHIP, RESET_Y)], VOLTS3)
    picture.joint(340, SUPPLY_Y, VOLTS3)
    picture.resistor(340, (SUPPLY_Y + RESET_Y) // 2, "", length=34, upright=True)
    picture.text(322, (SUPPLY_Y + RESET_Y) // 2 + 5, "10 kΩ", size=14, anchor="end", bold=True)
    picture.wire([(PI, DATA_Y), (CHIP, DATA_Y)], DATA)
    picture.wire([(PI, CLOCK_Y), (CHIP, CLOCK_Y)], CLOCK)
    picture.wire([(CHIP, ADDRESS_Y + 8), (340, ADDRESS_Y + 8), (340, GROUND_Y)], GROUND)
    picture.wire([(PI, GROUND_Y), (CHIP, GROUND_Y)], GROUND)
    picture.joint(340, GROUND_Y, GROUND)


def outputs(picture):
    """A0 to A7 go to the board; B0 to B7 are free for another one."""
    for at, y in enumerate(ROWS):
        picture.wire([(CHIP + WIDTH, y), (BOARD, y)], OUTPUT)
        picture.text(CHIP + WIDTH - 12, y + 5, f"GPA{at}", size=14, color="#ffffff", anchor="end", bold=True)
        picture.text(CHIP + WIDTH - 62, y + 5, str(21 + at), size=13, color="#c9ccd2", anchor="end")
    legs(picture, CHIP + 16, CHIP_END, 24, [f"B{at}" for at in range(8)], range(1, 9))
    picture.text(CHIP + WIDTH / 2, CHIP_END + 82, "GPB0 to GPB7: for a second board", size=13, color=QUIET, anchor="middle")
