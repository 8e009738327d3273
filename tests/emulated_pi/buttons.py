"""Hands on the push buttons of an emulated Pi.

QEMU's GPIO block hears no levels from outside and tells no edges, and Debian's kernel has no simulated chip
(gpio-sim, gpio-mockup) to put beside it. So the kernel's own driver for the header is given memory for registers,
and the interrupt of a serial port that nobody uses: what a pin would do to the block, a hand here does to that
memory. Who writes to the registers past the kernel, as starcourt does for its lights, still reaches the block.

Knows nothing of starcourt.
"""

import socket
import subprocess
import time
from pathlib import Path

# What the firmware would keep for pictures; the kernel leaves it alone.
MEMORY = 0x3F000000
# Where the devices' bus shows it: a place that it has for nothing else.
ON_THE_BUS = 0x70000000
# Of the GPIO registers: all of them, the levels, and which pins have had an edge (BCM2711 ARM peripherals, 5.2).
LENGTH = 0xF4
LEVELS = 0x34
EDGES = 0x40
# The serial port: its register that permits interrupts, where it has one as long as it may send.
PORT = "/soc/serial@7e215040"
PERMIT = 0xFE215044
MAY_SEND = 0b10

GPIO = "/soc/gpio@7e200000"
# The kind of an interrupt: one for each pulse, where the block's own is one for as long as an edge stands.
PULSE = 1
ALL_UP = 0xFFFFFFFF
# No pin's. The kernel takes note of an edge by writing that pin's bit alone, and this one is gone then.
UNSEEN = 1 << 31
# A pin that nobody listens to is never taken note of.
SEEN_WITHIN = 0.5


def wire(tree: Path) -> None:
    """Gives the kernel's driver, by the device tree, registers and an interrupt that a hand reaches."""
    ranges = cells(tree, "/soc", "ranges") + [ON_THE_BUS, 0, MEMORY, 0x1000]
    put(tree, "/soc", "ranges", ranges)
    put(tree, GPIO, "reg", [ON_THE_BUS, LENGTH])
    kind, number, _ = cells(tree, PORT, "interrupts")
    put(tree, GPIO, "interrupts", [kind, number, PULSE] + cells(tree, GPIO, "interrupts")[3:])
    subprocess.run(["fdtput", "-t", "s", tree, PORT, "status", "disabled"], check=True)


def cells(tree: Path, node: str, name: str) -> list[int]:
    told = subprocess.run(["fdtget", "-t", "x", tree, node, name], capture_output=True, text=True, check=True)
    return [int(cell, 16) for cell in told.stdout.split()]


def put(tree: Path, node: str, name: str, values: list[int]) -> None:
    subprocess.run(["fdtput", "-t", "x", tree, node, name, *(f"{value:x}" for value in values)], check=True)


class Hand:
    """Presses buttons that hang between their pins and ground."""

    def __init__(self, qtest: socket.socket) -> None:
        """To be there before the kernel looks: every pin is up."""
        self.qtest = qtest.makefile("rw")
        self.levels = ALL_UP
        self.ask(f"writel {MEMORY + LEVELS:#x} {self.levels:#x}")

    def press(self, pin: int) -> float:
        """When its contact closed, by the register log's clock."""
        return self.edge(pin, self.levels & ~(1 << pin))

    def release(self, pin: int) -> float:
        """When its contact opened."""
        return self.edge(pin, self.levels | 1 << pin)

    def bounce(self, pin: int, times: int) -> None:
        """The contact closes and opens, as fast as the kernel takes note of it."""
        for _ in range(times):
            self.press(pin)
            self.release(pin)

    def edge(self, pin: int, levels: int) -> float:
        self.levels = levels
        self.ask(f"writel {MEMORY + LEVELS:#x} {levels:#x}")
        self.ask(f"writel {MEMORY + EDGES:#x} {1 << pin | UNSEEN:#x}")
        now = time.time()
        self.ask(f"writel {PERMIT:#x} {MAY_SEND:#x}")
        self.ask(f"writel {PERMIT:#x} 0")
        # Else the next edge would come in between, and be lost.
        while self.ask(f"readl {MEMORY + EDGES:#x}") & UNSEEN and time.time() < now + SEEN_WITHIN:
            time.sleep(0.0005)
        return now

    def ask(self, command: str) -> int:
        self.qtest.write(f"{command}\n")
        self.qtest.flush()
        done, *values = self.qtest.readline().split()
        if done != "OK":
            raise OSError(f"the emulator refuses `{command}`")
        return int(values[0], 16) if values else 0
