"""Debian's packages, for this machine and for the emulated one: fetched once, kept outside the tree.

Uses package lists of its own, so that the machine's list of sources stays as it is. Knows nothing of
what the packages are for.
"""

import os
import shutil
import subprocess
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "starcourt" / "emulated-pi"
# The Raspberry Pi OS that starcourt is made for; its backports have the newer QEMU and kernel.
RELEASE = "bookworm"
BACKPORTS = f"{RELEASE}-backports"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class Unavailable(Exception):
    """A package cannot be had; the text says what to do."""


def unpacked(packages: list[str], followed: dict[str, str]) -> Path:
    """The folder into which `packages` are unpacked; `NAME/SUITE` asks for another suite's. Of each that
    is `followed`, an empty one, what it depends on is unpacked: the package that begins as told.
    """
    folder = CACHE / "unpacked"
    done = folder / ".packages"
    wanted = repr((packages, followed))
    if done.is_file() and done.read_text() == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    archives = CACHE / "fetched"
    shutil.rmtree(archives, ignore_errors=True)
    archives.mkdir(parents=True)
    refresh()
    found = [f"{dependency(package, prefix)}:arm64/{BACKPORTS}" for package, prefix in followed.items()]
    print("fetching the parts of the emulated Pi", flush=True)
    apt("apt-get", "download", *packages, *found, cwd=archives)
    for archive in archives.iterdir():
        subprocess.run(["dpkg", "-x", archive, folder], check=True)
    shutil.rmtree(archives)
    done.write_text(wanted)
    return folder


def dependency(package: str, prefix: str) -> str:
    """The name of what `package` depends on that begins with `prefix`."""
    for line in apt("apt-cache", "show", package).splitlines():
        if line.startswith("Depends:"):
            for name in line.removeprefix("Depends:").split(","):
                if name.strip().startswith(prefix):
                    return name.split()[0]
    raise Unavailable(f"{package} depends on nothing that begins with {prefix}")


def install(*packages: str, suite: str = RELEASE) -> None:
    """Installs `packages` of `suite` on this machine."""
    if os.geteuid() != 0:
        raise Unavailable(
            f"missing packages; as root, run `apt-get install -t {suite} {' '.join(packages)}`, "
            f"with {suite} among apt's sources"
        )
    refresh()
    print(f"installing: {' '.join(packages)}", flush=True)
    apt("apt-get", "--yes", "install", "--no-remove", "--no-install-recommends", "-t", suite, *packages)


def refresh() -> None:
    """Fetches the package lists, unless this process already has."""
    global fresh
    if fresh:
        return
    for folder in ("lists/partial", "archives/partial"):
        (CACHE / folder).mkdir(parents=True, exist_ok=True)
    (CACHE / "debian.sources").write_text(
        f"Types: deb\nURIs: {mirror()}\nSuites: {RELEASE} {RELEASE}-updates {BACKPORTS}\n"
        f"Components: main\nSigned-By: {KEYRING}\n"
    )
    apt("apt-get", "update")
    fresh = True


fresh = False


def mirror() -> str:
    """Where this machine has its Debian packages from."""
    targets = run("apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)", "Created-By: Packages")
    for target in targets.splitlines():
        origin, label, uri = target.rsplit(" ", 2)
        if origin == label == "Debian":
            return uri
    raise Unavailable("apt has no source of Debian packages on this machine")


def apt(command: str, *arguments: str, cwd: Path | None = None) -> str:
    options = {
        "Dir::Etc::SourceList": CACHE / "debian.sources",
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": CACHE / "lists",
        "Dir::Cache": CACHE,
        "APT::Architectures::": "arm64",
        # Its usual user cannot write below somebody's home.
        "APT::Sandbox::User": "root",
    }
    return run(command, "-q", *(word for item in options.items() for word in ("-o", "%s=%s" % item)), *arguments, cwd=cwd)


def run(*command: str, cwd: Path | None = None) -> str:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout
