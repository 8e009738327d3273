"""Draws the pictures of docs/wiring.md and stores them beside this file:

    python3 -B docs/pictures            draws them anew
    python3 -B docs/pictures --check    ends with 1 if a stored picture is not what is drawn
"""

import sys
from pathlib import Path

import eight_relays
import header
import jumper
import led_strip
import mcp23017
import pca9685
import pcf8574
import shift_registers

PICTURES = (eight_relays, header, jumper, led_strip, mcp23017, pca9685, pcf8574, shift_registers)


def main():
    stale = []
    for picture in PICTURES:
        path = Path(__file__).with_name(f"{picture.__name__}.svg")
        drawn = picture.draw()
        if sys.argv[1:] != ["--check"]:
            path.write_text(drawn)
        elif not path.exists() or path.read_text() != drawn:
            stale.append(path.name)
    if stale:
        sys.exit(f"docs/pictures: {', '.join(stale)} differs from what is drawn; run: make pictures")


main()
