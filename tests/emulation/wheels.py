"""The locked packages that the stages import, for another processor."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.emulation.machine import FOLDER
from tests.pipeline.declared import STAGES
from tests.pipeline.imports import closure, imported_names
from tests.scratch import ROOT

_GLIBC = range(17, 37)  # manylinux_2_17 is the oldest for aarch64, 2.36 is Debian 12's


def install(python: str, processor: str) -> Path:
    """Return a folder with the packages for a version of Python, such as 3.11, and a processor."""
    lock = "".join(_locked(_needed()))
    folder = FOLDER / f"wheels-{processor}"
    listed = folder / f"python{python}.lock"
    if not listed.exists() or listed.read_text() != lock:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        wanted = folder / "wanted.lock"
        wanted.write_text(lock)
        _pip(wanted, folder, python, [f"manylinux_2_{n}_{processor}" for n in _GLIBC])
        wanted.rename(listed)
    return folder / "site"


def _pip(lock: Path, folder: Path, python: str, platforms: list[str]) -> None:
    """Install a lock's wheels for other platforms; end with one line where that fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    command += ["--require-hashes", "--no-deps", "--no-compile", "--only-binary", ":all:"]
    command += ["--python-version", python, "--target", str(folder / "site")]
    command += [text for name in platforms for text in ("--platform", name)]
    done = subprocess.run([*command, "-r", str(lock)], capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
        sys.exit(f"make emulate: cannot install the locked wheels: {said}")


def _needed() -> set[str]:
    """Return the distributions that the stages import, and what those require."""
    modules = set[str]().union(*(closure(f"stages.{stage}") for stage in STAGES))
    names = {name.partition(".")[0] for module in modules for name in imported_names(module)}
    names -= {"stages"}  # of the project, which requires more
    found = packages_distributions()
    waiting = {canonicalize_name(found[name][0]) for name in names if name in found}
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        needed.add(name)
        wanted = [Requirement(text) for text in requires(name) or []]
        here = [one for one in wanted if not one.marker or one.marker.evaluate({"extra": ""})]
        waiting |= {canonicalize_name(one.name) for one in here} - needed
    return needed


def _locked(names: set[str]) -> Iterable[str]:
    """Yield the lines of the lock that are about some distributions, hashes and all."""
    text = (ROOT / "requirements.lock").read_text()
    for entry in re.findall(r"^\S.*\n(?:    .*\n)*", text, re.MULTILINE):
        if canonicalize_name(re.split(r"[=\[ ]", entry)[0]) in names:
            yield entry
