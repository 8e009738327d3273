"""Shapes that the pictures share, as lines of SVG. Knows nothing about wiring."""

from html import escape

INK = "#1f2937"
QUIET = "#5b6472"
PAPER = "#faf8f3"
EDGE = "#d9d4c7"
# What a pin carries, and what is held high or low while the Pi boots. White text is readable on each.
VOLTS3 = "#b45309"
VOLTS5 = "#b91c1c"
GROUND = "#374151"
HELD_HIGH = "#1d4ed8"
HELD_LOW = "#15803d"
LEAVE_FREE = "#6b7280"
WARNING = "#b91c1c"


class Picture:
    """A card with its own background, so that it is readable on a light and on a dark page."""

    def __init__(self, width, height, title, description):
        self.lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            'font-family="system-ui, \'Segoe UI\', Roboto, Helvetica, \'DejaVu Sans\', sans-serif" font-size="15">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(description)}</desc>",
            f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="14" fill="{PAPER}" '
            f'stroke="{EDGE}" stroke-width="2"/>',
        ]
        self.text(32, 46, title, size=22, bold=True)

    def add(self, line):
        self.lines.append(line)

    def rect(self, x, y, width, height, fill, stroke="none", radius=6, dash=None, stroke_width=1.5, title=None):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        shape = (
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{stroke_width}"{dashes}'
        )
        self.add(f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>")

    def circle(self, x, y, radius, fill, stroke="none", stroke_width=1.5):
        self.add(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="{stroke_width}"/>')

    def path(self, shape, stroke=INK, fill="none", stroke_width=2):
        self.add(
            f'<path d="{shape}" fill="{fill}" stroke="{stroke}" stroke-width="{stroke_width}" '
            'stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def text(self, x, y, words, size=15, color=INK, anchor="start", bold=False):
        weight = ' font-weight="600"' if bold else ""
        self.add(f'<text x="{x}" y="{y}" font-size="{size}" fill="{color}" text-anchor="{anchor}"{weight}>{escape(words)}</text>')

    def label(self, x, y, width, words, fill, height=26, size=14):
        """White words on a colored plate; x and y are the middle of its left side."""
        self.rect(x, y - height / 2, width, height, fill)
        self.text(x + width / 2, y + size * 0.36, words, size=size, color="#ffffff", anchor="middle", bold=True)

    def wire(self, points, color, stroke_width=3.5):
        """A line through the points, with a pale border so that wires that cross can be told apart."""
        shape = "M" + " L".join(f"{x} {y}" for x, y in points)
        self.path(shape, stroke=PAPER, stroke_width=stroke_width + 4)
        self.path(shape, stroke=color, stroke_width=stroke_width)

    def joint(self, x, y, color):
        self.circle(x, y, 5.5, color)

    def resistor(self, x, y, words, length=58, upright=False):
        """Its middle is at x and y."""
        width, height = (20, length) if upright else (length, 20)
        self.rect(x - width / 2, y - height / 2, width, height, "#f1dfb5", "#8a6d2b", radius=4)
        if upright:
            self.text(x + 18, y + 5, words, size=14, bold=True)
        else:
            self.text(x, y - 16, words, size=14, anchor="middle", bold=True)

    def fuse(self, x, y, words):
        """Its middle is at x and y."""
        self.rect(x - 29, y - 10, 58, 20, "#ffffff", INK, radius=10)
        self.path(f"M{x - 29} {y} L{x + 29} {y}")
        self.text(x, y - 18, words, size=14, anchor="middle", bold=True)

    def svg(self):
        return "\n".join([*self.lines, "</svg>"]) + "\n"
