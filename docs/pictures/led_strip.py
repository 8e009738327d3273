"""An LED strip behind a MOSFET: resistors, common ground and fuse."""

from drawing import GROUND, HELD_LOW, INK, QUIET, VOLTS5, Picture
from pins import contact_of

PLUS = VOLTS5
GATE_Y = 306
GROUND_Y = 560


def draw():
    picture = Picture(
        1000, 680, "An LED strip behind a MOSFET",
        "The pin drives the gate through 150 ohms, 10 kilo-ohms hold the gate at ground, and the strip's supply and the Pi share a ground.",
    )  # fmt: skip
    picture.text(32, 74, "The MOSFET switches the minus side of the strip. One MOSFET, two resistors and one pin for each strip.", color=QUIET)
    pi(picture)
    ground(picture)
    supply_and_strip(picture)
    gate(picture)
    mosfet(picture)
    return picture.svg()


def pi(picture):
    picture.rect(64, 236, 190, GROUND_Y - 206, "#e3efe6", "#7a9a84", radius=12)
    picture.text(84, 266, "Raspberry Pi", bold=True)
    for y, name, pin, color in ((GATE_Y, "GPIO 18", str(contact_of(18)), HELD_LOW), (GROUND_Y, "ground", "14", GROUND)):
        picture.label(84, y, 100, name, color)
        picture.path(f"M184 {y} L254 {y}", stroke=color, stroke_width=3.5)
        picture.circle(214, y, 15, color)
        picture.text(214, y + 5, pin, size=14, color="#ffffff", anchor="middle", bold=True)


def supply_and_strip(picture):
    picture.rect(64, 108, 190, 84, "#f0ece2", "#8f8872", radius=10)
    picture.text(104, 140, "12 V supply", bold=True)
    picture.text(104, 164, "or 24 V, as the strip", size=13, color=QUIET)
    picture.text(104, 180, "is made for", size=13, color=QUIET)
    picture.text(242, 141, "+", size=20, color=PLUS, anchor="end", bold=True)
    picture.text(76, 174, "−", size=20, bold=True)
    picture.wire([(254, 134), (600, 134)], PLUS)
    picture.fuse(380, 134, "fuse")
    picture.rect(600, 112, 360, 72, "#fff7dd", "#b59b4a", radius=6)
    for at in range(6):
        picture.rect(660 + at * 46, 134, 28, 28, "#ffe38a", "#b59b4a", radius=4)
        picture.circle(674 + at * 46, 148, 7, "#fffdf2")
    picture.text(612, 140, "+", size=20, color=PLUS, bold=True)
    picture.text(612, 174, "−", size=20, bold=True)
    picture.text(940, 106, "LED strip of one color", anchor="end", bold=True)
    picture.text(400, 164, "a little above the strip's current", size=13, color=QUIET, anchor="middle")


def mosfet(picture):
    """Seen from its printed side: gate, drain, source."""
    picture.rect(668, 236, 104, 40, "#c9ccd2", "#8b909a", radius=4)
    picture.circle(720, 254, 9, "#faf8f3", "#8b909a")
    picture.rect(660, 274, 120, 92, "#2b2f38", radius=6)
    picture.text(720, 314, "IRLZ44N", color="#ffffff", anchor="middle", bold=True)
    picture.text(720, 336, "MOSFET", size=13, color="#c9ccd2", anchor="middle")
    for at, name in enumerate(("G", "D", "S")):
        x = 684 + at * 36
        picture.rect(x - 5, 366, 10, 54, "#b9bec7", "#8b909a", radius=1)
        picture.text(x + 9, 384, name, size=14, bold=True)
    picture.text(792, 300, "gate, drain, source:", size=13, color=QUIET)
    picture.text(792, 318, "seen from the", size=13, color=QUIET)
    picture.text(792, 336, "printed side", size=13, color=QUIET)
    # Drain to the strip's minus, around the package; source to ground.
    picture.wire([(600, 168), (560, 168), (560, 474), (720, 474), (720, 420)], INK)
    picture.wire([(756, 420), (756, GROUND_Y)], GROUND)
    picture.joint(756, GROUND_Y, GROUND)


def gate(picture):
    picture.wire([(254, GATE_Y), (500, GATE_Y), (500, 444), (684, 444), (684, 420)], HELD_LOW)
    picture.resistor(370, GATE_Y, "150 Ω")
    picture.text(370, GATE_Y + 30, "100 to 220 Ω: protects the pin", size=13, color=QUIET, anchor="middle")
    picture.wire([(500, 444), (500, GROUND_Y)], GROUND)
    picture.resistor(500, 504, "10 kΩ", upright=True)
    picture.joint(500, 444, HELD_LOW)
    picture.joint(500, GROUND_Y, GROUND)
    picture.text(482, 500, "holds the gate low:", size=13, color=QUIET, anchor="end")
    picture.text(482, 518, "dark while the Pi is off", size=13, color=QUIET, anchor="end")


def ground(picture):
    picture.wire([(254, GROUND_Y), (756, GROUND_Y)], GROUND)
    picture.wire([(64, 168), (36, 168), (36, GROUND_Y + 60), (300, GROUND_Y + 60), (300, GROUND_Y)], GROUND)
    picture.joint(300, GROUND_Y, GROUND)
    picture.text(330, GROUND_Y + 36, "common ground: Pi, source and the minus of the supply", bold=True)
    picture.text(330, GROUND_Y + 60, "without it the gate has no voltage: the strip stays dark or flickers", size=13, color=QUIET)
