"""Whether the installed packages are those that a version of the project is locked to."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import InvalidRequirement, Requirement

from stages.common.errors import DigitsError
from stages.tools.project_files import Files

PACKAGES = "requirements.lock"


def check(files: Files) -> None:
    """Raise DigitsError unless each package of the lock that counts here is installed."""
    content = files.read(PACKAGES)
    if content is None:
        raise DigitsError(f"{files.name} has no {PACKAGES}, so its packages are not known")
    found = [told for pin in _pins(content, files.name) if (told := _difference(pin))]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise DigitsError(
            f"{files.name} is locked to other packages: {found[0]}{more}. Check it out in a folder "
            "of its own, and run `make repro` there for its environment"
        )


def _pins(content: bytes, name: str) -> Iterator[Requirement]:
    """Yield the packages of a lock that this system and this Python need."""
    for line in content.decode(errors="replace").splitlines():
        word = line.partition(" \\")[0].strip()
        if word and not line.startswith((" ", "#", "-")):
            try:
                pin = Requirement(word)
            except InvalidRequirement as error:
                reason = " ".join(str(error).split())
                raise DigitsError(
                    f"{PACKAGES} of {name} is no list of packages: {reason}"
                ) from error
            if pin.marker is None or pin.marker.evaluate():
                yield pin


def _difference(pin: Requirement) -> str:
    """Say what is installed instead of a locked package, or return ""."""
    try:
        installed = version(pin.name)
    except PackageNotFoundError:
        return f"{pin} is not installed"
    return "" if pin.specifier.contains(installed) else f"{pin}, and {installed} is installed"
