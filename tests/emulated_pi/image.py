"""What the emulated Pi is made of: kernel, device tree, and a root file system in memory.

Knows nothing of how it is booted.
"""

import io
import lzma
import shutil
import subprocess
import wave
from dataclasses import dataclass, replace
from pathlib import Path

import buttons
import chips
import cpio
import debian

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent

METAPACKAGE = f"linux-image-arm64:arm64/{debian.BACKPORTS}"
PACKAGES = [
    "busybox-static:arm64",
    "libc6:arm64",
    "libgcc-s1:arm64",
    "libasound2:arm64",
    "libasound2-data",
    "alsa-utils:arm64",
]
SOUND_MODULES = ["soundcore", "snd", "snd-timer", "snd-pcm", "snd-aloop"]

# Longer than any show under guest/shows.
SILENCE = 26

USERS = "root:x:0:0::/home:/bin/sh\npi:x:1000:1000::/home:/bin/sh\nguest:x:1001:1001::/home:/bin/sh\n"
GROUPS = "root:x:0:\naudio:x:29:pi\ngpio:x:997:pi\npi:x:1000:\nguest:x:1001:\n"


@dataclass(frozen=True)
class Board:
    """A model of the Raspberry Pi that QEMU knows."""

    name: str
    memory: str
    tree: str
    """The device tree's file in the kernel package."""
    missing: tuple[str, ...]
    """Nodes of the tree that QEMU does not emulate; the kernel would wait for them."""
    registers: int
    """The physical address of the GPIO registers."""
    service: bool = False
    """Whether the service is enabled, and there are buttons for it."""

    chips: bool = False
    """Whether there are chips on its I2C bus."""

    @property
    def label(self) -> str:
        return self.name + ", serving" * self.service + ", chips" * self.chips


PI_4 = Board(
    name="raspi4b",
    memory="2G",
    tree="bcm2711-rpi-4-b.dtb",
    missing=(
        "/soc/interrupt-controller@7ef00100",
        "/soc/hdmi@7ef00700",
        "/soc/hdmi@7ef05700",
        "/soc/clock@7ef00000",
        "/soc/i2c@7ef04500",
        "/soc/i2c@7ef09500",
        # It would take the serial console away.
        "/soc/serial@7e201000/bluetooth",
    ),
    registers=0xFE200000,
)
PI_3 = Board(
    name="raspi3b",
    memory="1G",
    tree="bcm2837-rpi-3-b.dtb",
    missing=("/soc/serial@7e201000/bluetooth",),
    registers=0x3F200000,
)
SERVING = replace(PI_4, service=True)
WITH_CHIPS = replace(PI_3, chips=True)


@dataclass(frozen=True)
class Image:
    board: Board
    kernel: Path
    tree: Path
    root: Path


def build(board: Board, binary: Path, faulty: Path, folder: Path) -> Image:
    """Puts together what `board` boots from, with `binary`, one that breaks on request, and the shows; files go
    to `folder`.
    """
    parts = debian.unpacked(PACKAGES, {METAPACKAGE: "linux-image-"})
    [kernel] = parts.glob("boot/vmlinuz-*")
    [tree] = parts.glob(f"usr/lib/linux-image-*/broadcom/{board.tree}")
    image = Image(board, kernel, folder / f"{board.name}.dtb", folder / f"{board.name}.cpio")
    shutil.copyfile(tree, image.tree)
    for node in board.missing:
        subprocess.run(["fdtput", "-t", "s", image.tree, node, "status", "disabled"], check=True)
    if board.service:
        buttons.wire(image.tree)
    if board.chips:
        chips.wire(image.tree)
    with image.root.open("wb") as file:
        archive = cpio.Archive(file)
        fill(archive, board, parts, binary, faulty)
        archive.close()
    return image


def fill(archive: cpio.Archive, board: Board, parts: Path, binary: Path, faulty: Path) -> None:
    for folder in ("proc", "sys", "dev", "run", "tmp"):
        archive.folder(folder)
    archive.file("etc/passwd", USERS.encode())
    archive.file("etc/group", GROUPS.encode())
    for library in ("lib", "usr/lib/aarch64-linux-gnu", "usr/share/alsa"):
        archive.tree(library, parts / library, without=("gconv", "modules"))
    for program in ("bin/busybox", "usr/bin/aplay", "usr/bin/arecord", "usr/bin/amixer"):
        archive.path(program, parts / program)
    for module in (*SOUND_MODULES, *chips.MODULES):
        [packed] = parts.glob(f"lib/modules/*/kernel/**/{module}.ko.xz")
        archive.file(f"modules/{module}.ko", lzma.decompress(packed.read_bytes()))
    for script in ("init", "console", "service"):
        archive.path(script, HERE / "guest" / script)
    archive.path("etc/inittab", HERE / "guest/inittab")
    archive.path("usr/lib/systemd/system/starcourt.service", PROJECT / "deploy/debian/starcourt.service")
    archive.path("etc/starcourt/schedule.toml", HERE / "guest/schedule.toml")
    archive.tree("etc/starcourt/shows", HERE / "guest/shows")
    archive.path("usr/bin/starcourt", binary)
    archive.path("home/faulty/starcourt", faulty)
    archive.tree("home/shows", PROJECT / "shows")
    rig = (PROJECT / "shows/rig.toml").read_bytes()
    with_buttons = (HERE / "guest/rigs/buttons.toml").read_bytes() if board.service else b""
    archive.file("etc/starcourt/rig.toml", rig + with_buttons)
    archive.tree("home/rigs", HERE / "guest/rigs")
    archive.tree("home/trials", HERE / "guest/shows")
    archive.file("home/trials/ticks.wav", silence(SILENCE))
    archive.file("home/trials/follow.wav", swelling())


def silence(seconds: int) -> bytes:
    """A sound file of that length with nothing in it."""
    return sound(bytes(2 * 48_000 * seconds))


def swelling() -> bytes:
    """Eight seconds of a low and a high tone, each of which swells at its own pace. Whole numbers only."""
    def tone(frame: int, hertz: int, millis: int) -> int:
        height = frame % (48 * millis) * 12_000 // (48 * millis)
        return height if frame * hertz * 2 // 48_000 % 2 else -height

    frames = (tone(frame, 60, 500) + tone(frame, 6_000, 370) for frame in range(8 * 48_000))
    return sound(b"".join(frame.to_bytes(2, "little", signed=True) for frame in frames))


def sound(frames: bytes) -> bytes:
    """A sound file of one channel, 16 bits a frame."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((1, 2, 48_000, 0, "NONE", ""))
        written.writeframes(frames)
    return file.getvalue()
