"""An emulated Pi that runs: QEMU, commands over its serial console, and the log of what the chip was told.

Knows nothing of starcourt.
"""

import itertools
import json
import re
import select
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import buttons
import chips
import debian
import registers
from image import Image

# Longer than a boot takes on a busy machine.
BOOT_WITHIN = 90.0
# Once in a while an emulated kernel stands still before its first word.
BOOTS = 3
ANSWER_WITHIN = 30.0


class Stuck(Exception):
    """The emulated Pi does not answer."""


@dataclass(frozen=True)
class Answer:
    """What a command printed, and the exit code it ended with."""

    code: int
    text: str


def boot(image: Image, logs: Path) -> "Pi":
    """A Pi that obeys commands. Its console and registers are logged to `logs`."""
    for _ in range(BOOTS - 1):
        try:
            return Pi(image, logs)
        except Stuck as stuck:
            print(f"{image.board.name} does not boot: {stuck}; once more", flush=True)
    return Pi(image, logs)


class Pi:
    """A running Pi."""

    def __init__(self, image: Image, logs: Path) -> None:
        self.sockets = tempfile.TemporaryDirectory(prefix="starcourt-pi-")
        folder = Path(self.sockets.name)
        self.board = image.board
        self.console_log = logs / "console.log"
        self.register_log = logs / "registers.log"
        self.heard = b""
        self.numbers = itertools.count(1)
        self.process = subprocess.Popen(
            # Others measure time on this machine; the emulated Pi has its own.
            ["nice", "-n", "19", emulator()]
            + ["-M", self.board.name, "-m", self.board.memory, "-display", "none", "-no-reboot"]
            + ["-kernel", str(image.kernel), "-dtb", str(image.tree), "-initrd", str(image.root)]
            # Without `iomem=relaxed` Debian's kernel keeps programs from the registers.
            + ["-append", "console=ttyAMA0,115200 rdinit=/init iomem=relaxed quiet" + self.options()]
            + ["-serial", f"unix:{folder}/serial,server,nowait", "-qmp", f"unix:{folder}/qmp,server,nowait"]
            + ["-qtest", f"unix:{folder}/qtest,server,nowait", "-qtest-log", "none"] * self.board.service
            + (chips.devices() if self.board.chips else [])
            + ["-D", str(self.register_log), "-msg", "timestamp=on"],
            stdin=subprocess.DEVNULL,
            stderr=(logs / "emulator.log").open("wb"),
        )
        try:
            if self.board.service:
                self.hand = buttons.Hand(connect(folder / "qtest"))
            self.serial = connect(folder / "serial")
            monitor = connect(folder / "qmp")
            monitor.settimeout(ANSWER_WITHIN)
            self.monitor = monitor.makefile("rw")
            self.monitor.readline()
            self.ask("qmp_capabilities")
            self.hear(rb"@booted", BOOT_WITHIN)
            # What is typed before the shell asks for it may be lost.
            while not self.says_ready():
                pass
            # Only from here on: a log of the boot would be long and take long.
            self.ask("trace-event-set-state", name="memory_region_ops_write", enable=True)
        except BaseException:
            self.end()
            raise
        self.modes_at_boot = self.words(registers.MODES, 3)

    def options(self) -> str:
        """What this board's kernel is told beside the rest, for its init to read."""
        return " starcourt.service" * self.board.service + " starcourt.chips" * self.board.chips

    def says_ready(self) -> bool:
        self.begin("echo @ready")
        try:
            self.hear(rb"@ready\n", 1.0)
            return True
        except Stuck:
            return False

    def run(self, command: str, within: float = ANSWER_WITHIN) -> Answer:
        """Runs `command` in front, and waits for its end."""
        self.begin(command)
        return self.finish(within)

    def begin(self, command: str) -> None:
        """Runs `command` in front; `finish` waits for its end."""
        self.serial.sendall(f"{command}\n".encode())

    def finish(self, within: float = ANSWER_WITHIN) -> Answer:
        # Not sent with the command: Ctrl-C takes back what was typed ahead.
        number = next(self.numbers)
        self.serial.sendall(f"echo @{number} $?\n".encode())
        found = self.hear(rb"(?s)^(.*?)@%d (\d+)\r?\n" % number, within)
        return Answer(int(found[2]), found[1].decode(errors="replace").replace("\r", ""))

    def press_ctrl_c(self) -> None:
        self.serial.sendall(b"\x03")

    def hear(self, pattern: bytes, within: float) -> re.Match[bytes]:
        """Waits for `pattern` on the console; what was said until its end is heard then."""
        until = time.monotonic() + within
        while not (found := re.search(pattern, self.heard)):
            ready, _, _ = select.select([self.serial], [], [], max(0.0, until - time.monotonic()))
            news = self.serial.recv(1 << 16) if ready else b""
            if not news:
                raise Stuck(f"heard nothing of {pattern!r} in {within:.0f} s, but: {self.heard[-2000:]!r}")
            with self.console_log.open("ab") as log:
                log.write(news)
            self.heard += news
        self.heard = self.heard[found.end():]
        return found

    def now(self) -> int:
        """A place in the register log."""
        return self.register_log.stat().st_size

    def events(self, since: int = 0) -> list[registers.Event]:
        """What the pins were told from `since` on."""
        log = self.register_log.read_bytes()
        everything = registers.events(log, self.board.registers, self.modes_at_boot)
        return [event for event in everything if event.place >= since]

    def words(self, register: int, count: int) -> list[int]:
        """The GPIO registers from `register` on, as they are now."""
        command = f"xp /{count}wx {self.board.registers + register:#x}"
        told = self.ask("human-monitor-command", **{"command-line": command})
        return [int(word, 16) for word in re.findall(r"(?<=[ ])0x[0-9a-f]{8}", told)]

    def ask(self, command: str, **arguments: object):
        self.monitor.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.monitor.flush()
        try:
            for line in self.monitor:
                told = json.loads(line)
                if "error" in told:
                    raise Stuck(f"{command}: {told['error']}")
                if "return" in told:
                    return told["return"]
        except TimeoutError:
            raise Stuck(f"{command}: the emulator does not answer") from None
        raise Stuck(f"{command}: the emulator has ended")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        # It has no disk that wants to be left in order.
        self.process.kill()
        self.process.wait()
        self.sockets.cleanup()


def emulator() -> str:
    """The command of a QEMU that knows the Pi 4; installs it where it is missing."""
    command = "qemu-system-aarch64"

    def suits() -> bool:
        try:
            told = subprocess.run([command, "-M", "help"], capture_output=True, text=True).stdout
        except FileNotFoundError:
            return False
        return "raspi4b" in told

    if not suits():
        debian.install("qemu-system-arm", suite=debian.BACKPORTS)
    if not suits():
        raise debian.Unavailable(f"{command} knows no raspi4b: it takes QEMU 9 or newer")
    return command


def connect(path: Path) -> socket.socket:
    """Connects to the socket at `path` as soon as somebody listens there."""
    until = time.monotonic() + ANSWER_WITHIN
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(path))
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            if time.monotonic() > until:
                raise Stuck(f"nobody listens at {path}") from None
            time.sleep(0.05)
