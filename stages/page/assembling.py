"""Put the page into one file that loads nothing: HTML, CSS, JavaScript and numbers."""

import json
import re
from html import escape
from importlib.resources import files
from typing import Any

from stages.common.artifacts.trained import Trained
from stages.network.looks import MOST_PARAMETERS
from stages.network.parameters import count
from stages.page.carried import Facts, Snapshots, carried
from stages.page.examples import Examples

MOST_BYTES = 2_000_000  # of the page; a larger one is slow to open

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w.]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const) (\w+))", re.MULTILINE)


def page(trained: Trained, snapshots: Snapshots, examples: Examples, facts: Facts) -> str:
    """Return the page, one HTML text of at most 2 MB, with the trained network inside.

    snapshots: of the same training, the last after its last epoch; above MOST_PARAMETERS only that
    is shown. examples: all test rows; some go into the page. A network with which the page
    is too large is left out of it, and the page says so.
    """
    if count(trained.layers) > MOST_PARAMETERS:
        snapshots = _every(snapshots, len(snapshots.epochs))
    text = _with(carried(trained, snapshots, examples, facts))
    while len(text.encode()) > MOST_BYTES and len(snapshots.epochs) > 1:
        snapshots = _every(snapshots, 2)
        text = _with(carried(trained, snapshots, examples, facts))
    size = len(text.encode())
    return text if size <= MOST_BYTES else _without(count(trained.layers), size)


def _every(snapshots: Snapshots, step: int) -> Snapshots:
    """Return the last snapshot, and those before it a few at a time."""
    epochs, layers, accuracies = snapshots
    kept = sorted(range(len(epochs) - 1, -1, -step))
    return Snapshots(
        [epochs[at] for at in kept], [layers[at] for at in kept], [accuracies[at] for at in kept]
    )


def _with(content: dict[str, Any]) -> str:
    """Return the page with what it carries."""
    data = json.dumps(content, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")
    parts = {"style": _read("page.css"), "data": data, "script": _script()}
    return _filled(_read("page.html"), parts)


def _without(parameters: int, size: int) -> str:
    """Return the page that says why the network is not in it."""
    parts = {"parameters": f"{parameters:,}", "size": f"{size / 1e6:.1f}"}
    limits = {"most": f"{MOST_BYTES / 1e6:.0f}"}
    filled = {name: escape(value) for name, value in {**parts, **limits}.items()}
    return _filled(_read("too_large.html"), {"style": _read("page.css"), **filled})


def _filled(template: str, parts: dict[str, str]) -> str:
    """Return a template with each `{{name}}` replaced."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], template)


def _script() -> str:
    """Return all modules of JavaScript in one, each a function, after those that it imports."""
    return "\n".join(["const modules = {};", *map(_wrapped, _modules("main.mjs", []))])


def _modules(name: str, taken: list[str]) -> list[str]:
    """Return the names of modules: those `taken`, and one after those that it imports."""
    if name not in taken:
        for _, imported in _IMPORT.findall(_read(f"scripts/{name}")):
            taken = _modules(imported, taken)
    return taken if name in taken else [*taken, name]


def _wrapped(name: str) -> str:
    """Return a module as a function that is called once, so that its names are its own."""
    source = _read(f"scripts/{name}")
    exported = ", ".join(word for _, word in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r'const \1 = modules["\2"];', source))
    return f'modules["{name}"] = (() => {{\n{body}return {{ {exported} }};\n}})();'


def _read(name: str) -> str:
    """Return a text of this folder."""
    return files("stages.page").joinpath(name).read_text(encoding="utf-8")
