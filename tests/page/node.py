"""The page's modules of JavaScript, called by the tests in Node.js."""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests import processes
from tests.scratch import ROOT

_SCRIPT = ROOT / "tests/page/answer.mjs"


def _node() -> str:
    """Return the program: the system's, or that which Playwright brings along."""
    spec = find_spec("playwright")
    assert spec is not None
    assert spec.origin is not None
    return shutil.which("node") or str(Path(spec.origin).parent / "driver/node")


def answer(name: str, given: Any) -> Any:
    """Return what a function of `answer.mjs` makes of something, both as JSON has them."""
    text = json.dumps({"name": name, "given": given})
    with processes.started(
        [_node(), _SCRIPT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        out, err = process.communicate(text, timeout=processes.LIMIT)
    assert process.returncode == 0, err
    return json.loads(out)
