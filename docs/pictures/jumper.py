"""The jumper of a relay board: why a relay may stay on, and how the Pi can release it."""

from drawing import GROUND, INK, QUIET, VOLTS3, VOLTS5, WARNING, Picture

GOOD = "#15803d"


def draw():
    picture = Picture(
        1000, 540, "The jumper JD-VCC of a relay board",
        "With the jumper on, VCC is 5 V and a pin at 3.3 V may not release the relay. Take the jumper off and give VCC 3.3 V.",
    )  # fmt: skip
    picture.text(32, 74, "One input of the board. A relay is on while current flows from VCC through the optocoupler into the pin.", color=QUIET)
    panel(picture, 32, False)
    panel(picture, 508, True)
    return picture.svg()


def panel(picture, x, is_off):
    color = GOOD if is_off else WARNING
    picture.rect(x, 98, 460, 412, "#ffffff", color, radius=10, stroke_width=2)
    picture.text(x + 52, 134, "Jumper off: right" if is_off else "Jumper on: wrong for a Pi", size=18, color=color, bold=True)
    mark = f"M{x + 20} 128 l8 9 l14 -19" if is_off else f"M{x + 21} 118 l18 18 m0 -18 l-18 18"
    picture.path(mark, stroke=color, stroke_width=4)
    picture.rect(x + 118, 158, 322, 214, "#dfe7f5", "#7488ad", radius=10)
    picture.text(x + 428, 362, "relay board", size=13, color=QUIET, anchor="end")
    block(picture, x, is_off)
    optocoupler(picture, x, is_off)
    for at, words in enumerate(consequence(is_off)):
        picture.text(x + 24, 430 + at * 25, words, color=INK, bold=at == 0)


def consequence(is_off):
    if is_off:
        return (
            "Pin at 3.3 V: no voltage is left, the relay releases.",
            "The coils still get their 5 V, from JD-VCC and GND.",
            "The Pi is off: VCC has no voltage, all relays are off.",
        )
    return (
        "Pin at 3.3 V: 1.7 V are left. The relay may stay on.",
        "5 V can also reach the pin through the board,",
        "and a GPIO takes no more than 3.3 V.",
    )


def block(picture, x, is_off):
    """The three pins, with or without the jumper."""
    for at, name in enumerate(("JD-VCC", "VCC", "GND")):
        picture.rect(x + 234 + at * 66, 176, 60, 24, "#f4f4f4", "#8b909a", radius=4)
        picture.text(x + 264 + at * 66, 193, name, size=12, anchor="middle", bold=True)
    if is_off:
        picture.wire([(x + 264, 176), (x + 264, 140)], VOLTS5)
        picture.wire([(x + 396, 176), (x + 396, 140)], GROUND)
        picture.rect(x + 250, 110, 190, 32, "#f0ece2", "#8f8872", radius=6)
        picture.text(x + 332, 131, "5 V supply", anchor="middle", bold=True)
        picture.text(x + 266, 132, "+", size=18, color=VOLTS5, anchor="middle", bold=True)
        picture.text(x + 398, 132, "−", size=18, anchor="middle", bold=True)
    else:
        picture.rect(x + 229, 171, 136, 34, "none", "#22262e", radius=6, stroke_width=4)
        picture.text(x + 297, 222, "jumper", size=13, color=QUIET, anchor="middle")


def optocoupler(picture, x, is_off):
    y = 250
    supply, word = (VOLTS3, "3.3 V") if is_off else (VOLTS5, "5 V")
    picture.wire([(x + 74, y), (x + 284, y), (x + 284, y + 20)], supply)
    picture.label(x + 14, y, 66, word, supply)
    picture.text(x + 128, y - 10, "VCC", size=13, bold=True)
    picture.wire([(x + 284, y + 50), (x + 284, y + 88), (x + 74, y + 88)], INK)
    picture.path(f"M{x + 268} {y + 22} L{x + 300} {y + 22} L{x + 284} {y + 48} Z M{x + 268} {y + 50} L{x + 300} {y + 50}", fill="#ffffff")
    for at in (0, 12):
        picture.path(f"M{x + 306} {y + 28 + at} l18 -8 m-6 -1 l6 1 l-3 6", stroke="#c2410c", stroke_width=1.8)
    picture.rect(x + 336, y + 8, 88, 52, "#2f5fa8", "#1e3f73", radius=4)
    picture.text(x + 380, y + 39, "off" if is_off else "on?", color="#ffffff", anchor="middle", bold=True)
    picture.text(x + 250, y + 42, "optocoupler", size=13, color=QUIET, anchor="end")
    picture.resistor(x + 190, y + 88, "")
    picture.text(x + 128, y + 76, "IN1", size=13, bold=True)
    picture.label(x + 14, y + 88, 66, "3.3 V", "#1d4ed8")
    picture.text(x + 47, y + 118, "the pin", size=13, color=QUIET, anchor="middle")
    picture.text(x + 380, y + 78, "relay", size=13, color=QUIET, anchor="middle")
