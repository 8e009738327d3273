"""Archives in the kernel's format for a root file system in memory (cpio, "newc")."""

import os
from pathlib import Path
from typing import BinaryIO

FOLDER, FILE, LINK = 0o040755, 0o100644, 0o120777
EXECUTABLE = 0o111


class Archive:
    """An archive that is being written; everything in it belongs to root."""

    def __init__(self, file: BinaryIO) -> None:
        self.out = file
        self.known: set[str] = set()

    def folder(self, name: str) -> None:
        if name and name not in self.known:
            self.parent(name)
            self.entry(name, FOLDER, b"")

    def file(self, name: str, content: bytes, executable: bool = False) -> None:
        self.parent(name)
        self.entry(name, FILE | (EXECUTABLE if executable else 0), content)

    def path(self, name: str, source: Path) -> None:
        """The file or link at `source`."""
        if source.is_symlink():
            self.parent(name)
            self.entry(name, LINK, os.readlink(source).encode())
        else:
            self.file(name, source.read_bytes(), executable=os.access(source, os.X_OK))

    def tree(self, name: str, source: Path, without: tuple[str, ...] = ()) -> None:
        """All below `source`, but for files and folders that are called as in `without`."""
        self.folder(name)
        for entry in sorted(source.iterdir()):
            if entry.name in without:
                continue
            if entry.is_dir() and not entry.is_symlink():
                self.tree(f"{name}/{entry.name}", entry, without)
            else:
                self.path(f"{name}/{entry.name}", entry)

    def close(self) -> None:
        self.entry("TRAILER!!!", 0, b"")

    def parent(self, name: str) -> None:
        self.folder(name.rpartition("/")[0])

    def entry(self, name: str, mode: int, content: bytes) -> None:
        self.known.add(name)
        inode = len(self.known)
        fields = [inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name.encode()) + 1, 0]
        self.padded(b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0")
        self.padded(content)

    def padded(self, content: bytes) -> None:
        self.out.write(content + bytes(-len(content) % 4))
