"""Another processor, emulated: Debian's packages for it in a folder, and QEMU to run them.

Nothing is installed, and no file outside the folder is touched; it needs no right of root.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(".cache/emulate").absolute()

_LIMIT = 3600  # seconds that one command may take


class Processor(NamedTuple):
    """A processor as Debian, QEMU and Python name it, and the packages to have for it."""

    debian: str
    name: str
    packages: tuple[str, ...]


AARCH64 = Processor("arm64", "aarch64", ("python3", "libstdc++6"))
S390X = Processor("s390x", "s390x", ("python3-numpy",))


class Machine:
    """An emulated machine that shares our files."""

    def __init__(self, processor: Processor) -> None:
        """Fetch what the machine needs, unless it is there."""
        self.root = _unpacked(processor.debian, processor.packages)
        self._qemu = _qemu(processor.name)
        self.python = max((self.root / "usr/bin").glob("python3.[0-9][0-9]"))

    def run(
        self, arguments: Sequence[str], folder: Path, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the machine's Python in a folder, without our environment."""
        # Debian keeps each BLAS in a folder of its own, and links to one when it installs.
        libraries = self.root.glob("usr/lib/*-linux-gnu/*/lib*.so.3")
        places = {f"/{library.parent.relative_to(self.root)}" for library in libraries}
        given = {"LD_LIBRARY_PATH": ":".join(sorted(places)), "PYTHONNOUSERSITE": "1"} | environment
        flags = [flag for name, value in given.items() for flag in ("-E", f"{name}={value}")]
        return subprocess.run(
            [self._qemu, "-L", str(self.root), *flags, str(self.python), *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(FOLDER)},
            capture_output=True,
            text=True,
            timeout=_LIMIT,
            check=False,
        )


def _qemu(name: str) -> str:
    """Return the emulator of a processor: the system's, or one that is fetched."""
    found = shutil.which(f"qemu-{name}-static") or shutil.which(f"qemu-{name}")
    if found:
        return found
    ours = _command("dpkg", "--print-architecture").strip()
    programs = str(_unpacked(ours, ("qemu-user-static",)) / "usr/bin")
    found = shutil.which(f"qemu-{name}-static", path=programs)
    return found or sys.exit(f"make emulate: Debian's qemu-user-static has no qemu-{name}-static")


def _unpacked(architecture: str, packages: Sequence[str]) -> Path:
    """Return a folder with packages of an architecture and all that they depend on."""
    home, stamp = FOLDER / architecture, FOLDER / architecture / "complete"
    if not stamp.exists():
        shutil.rmtree(home, ignore_errors=True)
        for name in ("state/lists/partial", "cache/archives/partial", "root"):
            (home / name).mkdir(parents=True)
        (home / "status").touch()  # as if no package were installed
        _apt(home, architecture, "update")
        _apt(home, architecture, "install", "--yes", "--download-only", *packages)
        for file in (home / "cache/archives").glob("*.deb"):
            _command("dpkg-deb", "--extract", str(file), str(home / "root"))
        stamp.touch()
    return home / "root"


def _apt(home: Path, architecture: str, *arguments: str) -> None:
    """Run apt-get on lists and files of an architecture's own, from the system's sources."""
    options = {
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",  # its own user may not write here
        "Acquire::Languages": "none",
        "Dir::Cache": f"{home}/cache",
        "Dir::State": f"{home}/state",
        "Dir::State::status": f"{home}/status",
    }
    settings = [text for name, value in options.items() for text in ("-o", f"{name}={value}")]
    _command("apt-get", "--quiet", *settings, *arguments)


def _command(*command: str) -> str:
    """Return what a command prints; end with one line where it is not there or fails."""
    if not shutil.which(command[0]):
        sys.exit(f"make emulate: there is no {command[0]}; expected Debian or Ubuntu")
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False)
    if done.returncode:
        said = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
        sys.exit(f"make emulate: {' '.join((command[0], *command[-2:]))}: {said}")
    return done.stdout
