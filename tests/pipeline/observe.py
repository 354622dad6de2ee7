"""Run one stage in the current folder, and print as JSON what it imports, opens and looks up.

A script, so that each stage has a process of its own: python observe.py STAGE.
"""

import importlib
import json
import os
import sys
from collections import UserDict
from pathlib import Path
from types import ModuleType
from typing import Any


class Section(UserDict[str, Any]):
    """A section of params.yaml that notes the keys looked up; ** looks up all."""

    def __init__(self, name: str, content: dict[str, Any], used: set[str]) -> None:
        """Note keys in `used`."""
        super().__init__(content)
        self.name, self.used = name, used

    def __getitem__(self, key: str) -> Any:
        """Return a value."""
        self.used.add(f"{self.name}.{key}")
        return super().__getitem__(key)


def watch_params(params: ModuleType) -> set[str]:
    """Return a set that will hold the keys that are looked up."""
    used: set[str] = set()
    sections = {name: Section(name, keys, used) for name, keys in params.check_file().items()}
    params.check_file = lambda: sections  # type: ignore[attr-defined]
    params.load = sections.__getitem__  # type: ignore[attr-defined]
    return used


def watch_files() -> set[str]:
    """Return a set that will hold the files that Python opens to read; Arrow's are not seen."""
    opened: set[str] = set()

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and not isinstance(arguments[0], int):
            path, _, flags = arguments
            if not flags & (os.O_WRONLY | os.O_RDWR):
                opened.add(os.fsdecode(path))

    sys.addaudithook(note)
    return opened


def inside(paths: set[str]) -> list[str]:
    """Return the files among `paths` that lie in the current folder, as paths from there."""
    resolved = {Path(path).resolve() for path in paths}
    return sorted(
        path.relative_to(Path.cwd()).as_posix()
        for path in resolved
        if path.is_file() and path.is_relative_to(Path.cwd())
    )


def module_files() -> set[str]:
    """Return the files of all modules imported until now."""
    files = (getattr(module, "__file__", None) for module in sys.modules.values())
    return {file for file in files if file}


def observe(stage: str) -> dict[str, list[str]]:
    """Run a stage and return what it did."""
    sys.path.insert(0, str(Path.cwd()))
    own = module_files()
    module = importlib.import_module(f"stages.{stage}")
    imported = sorted(sys.modules)
    used = watch_params(sys.modules["stages.common.params"])
    opened = watch_files()
    module.main()
    return {
        "imported": imported,
        "table": [f"{s}.{k}" for s, keys in getattr(module, "PARAMS", {}).items() for k in keys],
        "used": sorted(used),
        "opened": inside(opened),
        "code": inside(module_files() - own),
    }


if __name__ == "__main__":
    print(json.dumps(observe(sys.argv[1])))
