"""Chips on an emulated Pi's I2C bus: what the bus's controller was told, and what the chips make of it.

QEMU has no such chips. Memories (EEPROM) stand at their addresses and answer, and the log of the controller's registers
has every byte; what a chip would do with the bytes is worked out here, by the data sheets: MCP23017 (Microchip
DS20001952), PCF8574 and PCA9685 (NXP).

For a Pi 3: QEMU's Pi 4 does not lead the controller's interrupt to a processor.

Knows nothing of starcourt.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

# The controller of bus 1, and its registers (BCM2835 ARM peripherals, 3.2).
NODE = "/soc/i2c@7e804000"
BEHIND_GPIO = 0x604000
CONTROL, LENGTH, ADDRESS, FIFO = 0x00, 0x08, 0x0C, 0x10
START, READ = 0x80, 0x01

MCP23017, PCF8574, PCA9685 = 0x20, 0x38, 0x40
MODULES = ("i2c-bcm2835", "i2c-dev")

WRITE = re.compile(
    rb"^\d+@(?P<time>[0-9.]+):memory_region_ops_write .* addr 0x(?P<address>[0-9a-f]+) value 0x(?P<value>[0-9a-f]+)",
    re.MULTILINE,
)


class Message(NamedTuple):
    time: float
    """By the clock of the machine that emulates, in seconds."""
    chip: int
    """The address."""
    data: bytes


def wire(tree: Path) -> None:
    """Switches bus 1 on in the device tree."""
    subprocess.run(["fdtput", "-t", "s", tree, NODE, "status", "okay"], check=True)
    subprocess.run(["fdtput", "-t", "s", tree, "/aliases", "i2c1", NODE], check=True)


def devices() -> list[str]:
    """QEMU's options for the chips."""
    chips = (MCP23017, PCF8574, PCA9685)
    return [word for chip in chips for word in ("-device", f"at24c-eeprom,bus=i2c-bus.1,address={chip:#x},rom-size=256")]


def messages(log: bytes, gpio: int, since: int = 0) -> Iterator[Message]:
    """What was written to chips, from the place `since` in the log on, on a board with its GPIO registers at `gpio`."""
    chip = length = 0
    begun: tuple[float, int, int] | None = None
    data = b""
    for write in WRITE.finditer(log, since):
        register, value = int(write["address"], 16) - gpio - BEHIND_GPIO, int(write["value"], 16)
        if register == ADDRESS:
            chip = value & 0x7F
        elif register == LENGTH:
            length = value & 0xFFFF
        elif register == CONTROL and value & START:
            begun, data = None if value & READ else (float(write["time"]), chip, length), b""
        elif register == FIFO and begun:
            data += bytes([value & 0xFF])
            if len(data) == begun[2]:
                yield Message(begun[0], begun[1], data)
                begun = None


class Mcp23017:
    """Sixteen outputs; at power-on all are inputs."""

    def __init__(self) -> None:
        self.registers = bytearray([0xFF, 0xFF] + [0] * 20)

    def write(self, data: bytes) -> None:
        for register, value in enumerate(data[1:], data[0]):
            self.registers[register] = value

    def pin(self, number: int) -> str:
        port, bit = divmod(number, 8)
        if self.registers[port] >> bit & 1:
            return "open"
        return "high" if self.registers[0x14 + port] >> bit & 1 else "low"


class Pcf8574:
    """Eight outputs, high at power-on."""

    def __init__(self) -> None:
        self.port = 0xFF

    def write(self, data: bytes) -> None:
        self.port = data[-1]

    def pin(self, number: int) -> str:
        return "high" if self.port >> number & 1 else "low"


class Pca9685:
    """Sixteen dimmed outputs; at power-on it sleeps, and all are off."""

    def __init__(self) -> None:
        self.registers = bytearray(256)
        self.registers[0x00], self.registers[0x01], self.registers[0xFE] = 0x11, 0x04, 0x1E
        for output in range(16):
            self.registers[0x09 + 4 * output] = 0x10

    def write(self, data: bytes) -> None:
        register = data[0]
        for value in data[1:]:
            if register != 0xFE or self.registers[0x00] & 0x10:
                self.registers[register] = value
            if self.registers[0x00] & 0x20:
                register += 1

    def pin(self, number: int) -> int:
        """For how many 4096ths of the time it is high."""
        first = 0x06 + 4 * number
        _, on_high, off_low, off_high = self.registers[first : first + 4]
        if off_high & 0x10:
            return 0
        if on_high & 0x10:
            return 4096
        return 0 if self.registers[0x00] & 0x10 else off_low | (off_high & 0xF) << 8


class Chips:
    """All of them, from power-on."""

    def __init__(self) -> None:
        self.by_address = {MCP23017: Mcp23017(), PCF8574: Pcf8574(), PCA9685: Pca9685()}

    def replay(self, told: Iterable[Message]) -> Iterator[tuple[Message, dict[tuple[int, int], str | int]]]:
        """Each message, and what all pins are right after it."""
        for message in told:
            if message.chip in self.by_address:
                self.by_address[message.chip].write(message.data)
            yield message, self.pins()

    def pins(self) -> dict[tuple[int, int], str | int]:
        outputs = {MCP23017: 16, PCF8574: 8, PCA9685: 16}
        return {
            (address, number): chip.pin(number)
            for address, chip in self.by_address.items()
            for number in range(outputs[address])
        }
