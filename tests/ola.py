"""Has OLA, a DMX server of other people, receive what `starcourt net` sends: by multicast, in a network of its own.

    sudo unshare --net python3 -B tests/ola.py target/debug/starcourt FOLDER

What OLA holds of each universe is compared with the levels of the show: while a light fades, at its end, between
shows, and after the show was killed. FOLDER is where Debian's package ola was unpacked. Needs iproute2, and root.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

BINARY = Path(sys.argv[1]).resolve()
UNIVERSES = [1, 2, 63]
PLUGINS = """artnet dummy espnet ftdidmx gpio karate kinet milinst nanoleaf opendmx openpixelcontrol osc pathport renard
    sandnet shownet spi stageprofi uartdmx usbdmx usbpro usbserial""".split()
RIG = """
[network]
one = { sacn = 1 }
two = { sacn = 2, priority = 150 }
far = { sacn = 63, interface = "lights0" }

[channels]
gate = { out = "one.7", kind = "dimmer" }
wall = { out = "two.1-170", kind = "dimmer", colour = "#ff8000" }
fog = { out = "far.512", kind = "relay" }
exit = { out = "far.1", kind = "dimmer", safe = "100 %" }
"""
SHOWS = {
    "fade": "length 0:06\n0:00 to 0:06 fog, exit on\n0:01 gate fade to 100 % over 2 s\n0:01 wall fade to 50 % over 2 s\n",
    "hold": "length 1:00\n0:00 gate, wall, fog on\n0:00 exit off\n",
}
# What the pixels carry at a level of 50 %, by the lightness curve CIE 1931: 18.4 % of full.
HALF = [47, 24, 0]


def run(command: str, **how: object) -> None:
    subprocess.run(command.split(), check=True, **how)


def slots(universe: int) -> list[int]:
    with urllib.request.urlopen(f"http://127.0.0.1:9090/get_dmx?u={universe}", timeout=5) as answer:
        held = json.load(answer)["dmx"]
    return held + [0] * (512 - len(held))


def until(what: str, is_so: object, patience: float = 20) -> float:
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > patience:
            sys.exit(f"OLA never came to hold {what}: {[slots(universe)[:12] for universe in UNIVERSES]}")
        time.sleep(0.02)
    return time.monotonic() - begun


def is_dark() -> bool:
    return not any(slots(1)) and not any(slots(2)) and slots(63) == [255] + [0] * 511


def is_lit() -> bool:
    return slots(1)[6] == 255 and slots(2)[:6] == [255, 128, 0] * 2 and slots(63)[511] == 255 and slots(63)[0] == 0


class Ola:
    """A copy of OLA that everybody may read: it refuses to run as root."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        shutil.copytree(sys.argv[2], self.files, symlinks=True)
        libraries = sorted({str(path.parent) for path in self.files.rglob("*.so*")})
        self.environment = os.environ | {"LD_LIBRARY_PATH": ":".join(libraries)}

    def start(self, words: str, log: object) -> subprocess.Popen:
        nobody = "setpriv --reuid nobody --regid nogroup --clear-groups"
        command = f"{nobody} {self.files}/usr/bin/olad --pid-location {self.files}/usr/share/ola/pids {words}"
        return subprocess.Popen(command.split(), stdout=log, stderr=log, env=self.environment)

    def told(self, words: str) -> str:
        command = f"{self.files}/usr/bin/{words}".split()
        return subprocess.run(command, capture_output=True, text=True, env=self.environment).stdout


def start_ola(folder: Path) -> subprocess.Popen:
    run("ip link set lo up")
    run("ip link add lights0 type veth peer name lights1")
    run("ip link set lights1 up")
    run("ip address add 192.0.2.1/24 dev lights0")
    run("ip link set lights0 up multicast on")
    run("ip route add default dev lights0")
    config = folder / "ola"
    config.mkdir(mode=0o777)
    config.chmod(0o777)
    for plugin in PLUGINS:
        (config / f"ola-{plugin}.conf").write_text("enabled = false\n")
    (config / "ola-e131.conf").write_text("enabled = true\ninput_ports = 3\noutput_ports = 0\nip = 192.0.2.1\n")
    folder.chmod(0o755)
    ola = Ola(folder)
    log = (folder / "olad.log").open("w")
    olad = ola.start(f"-c {config} -l 1", log)
    begun = time.monotonic()
    while "E1.31" not in ola.told("ola_dev_info"):
        if time.monotonic() - begun > 20:
            sys.exit("olad does not start: " + (folder / "olad.log").read_text())
        time.sleep(0.2)
    number = next(line.split()[1].strip(":") for line in ola.told("ola_dev_info").splitlines() if "E1.31" in line)
    for port, universe in enumerate(UNIVERSES):
        ola.told(f"ola_patch -d {number} -p {port} -i -u {universe}")
    return olad


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "rig.toml").write_text(RIG)
        (folder / "shows").mkdir()
        for name, sheet in SHOWS.items():
            (folder / f"shows/{name}.show").write_text(sheet)
        here = "--rig rig.toml --lock-dir lock --output gpio".split()

        def starcourt(words: str, *more: str) -> subprocess.Popen:
            errors = (folder / "said").open("a")
            return subprocess.Popen([BINARY, *words.split(), *more], cwd=folder, stdout=errors, stderr=errors)

        running = [start_ola(folder)]
        try:
            running.append(starcourt("net --lock-dir lock"))
            until("a socket", (folder / "lock/net.sock").exists)

            show = starcourt("play fade --silent", *here)
            running.append(show)
            levels: list[int] = []
            while show.poll() is None:
                held = slots(1)
                if held[6] and slots(63)[511] == 255:
                    levels.append(held[6])
                if levels and levels[-1] == 255 and slots(2)[:3] == HALF:
                    break
                time.sleep(0.01)
            if show.poll() is not None or levels != sorted(levels) or len(set(levels)) < 10:
                sys.exit(f"the fade that OLA saw: {levels}, and {slots(2)[:3]}")
            print(f"a fade of 2 s ok, {len(set(levels))} levels of it seen by OLA")
            if show.wait(20) != 0:
                sys.exit("the show failed: " + (folder / "said").read_text())
            until("dark lights after a show", is_dark)

            for number, (name, kill) in enumerate([("SIGKILL", signal.SIGKILL), ("SIGSTOP", signal.SIGSTOP)]):
                show = starcourt("play hold --silent", *here)
                running.append(show)
                until("what is lit", is_lit)
                show.send_signal(kill)
                took = until(f"safe levels after {name}", is_dark)
                print(f"{name} ok, safe after {took * 1000:.0f} ms as OLA sees it")
                if number == 1:
                    show.send_signal(signal.SIGCONT)
                    until("what is lit, after SIGCONT", is_lit)
                    show.send_signal(signal.SIGTERM)
                    if show.wait(20) != 0:
                        sys.exit("the show failed: " + (folder / "said").read_text())
                    until("dark lights at the end", is_dark)
            print("OLA ok")
        finally:
            for process in running:
                if process.poll() is None:
                    process.kill()
                    process.wait()


if os.geteuid() != 0:
    sys.exit("run it as root, in a network of its own: make net-test")
main()
