"""The notebook, executed: `python -m tests.docs.notebook` does so and writes it with its outputs.

What is written holds no trace of the machine or the time: a second run changes no byte.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tests.docs.pages import ROOT

NOTEBOOK = ROOT / "docs/notebook.ipynb"

_LIMIT = 300  # seconds for a cell: many times what any takes, on a busy machine as well
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read() -> NotebookNode:
    """Return the notebook as it is in Git."""
    return nbformat.read(NOTEBOOK, as_version=4)


def text(notebook: NotebookNode) -> str:
    """Return a notebook as its file has it."""
    return f"{nbformat.writes(notebook)}\n"


def executed(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Return a copy of a notebook, executed in a folder and cleaned.

    No setting of the user's counts. Raises CellExecutionError with the cell that fails.
    """
    run = nbformat.from_dict(cleaned(notebook))
    with tempfile.TemporaryDirectory() as home:
        variables = {"IPYTHONDIR": home, "JUPYTER_RUNTIME_DIR": home}
        with patch.dict(os.environ, variables):
            NotebookClient(
                run,
                timeout=_LIMIT,
                kernel_name="python3",
                resources={"metadata": {"path": str(folder)}},
                extra_arguments=["--log-level=ERROR"],  # it listens to this machine alone
            ).execute()
    return cleaned(run)


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without counts, and without metadata but what its cells say."""
    cells = [_without_traces(cell) for cell in notebook.cells]
    return nbformat.from_dict({**notebook, "cells": cells, "metadata": _METADATA})


def _without_traces(cell: NotebookNode) -> dict[str, Any]:
    """Return a cell without counts and metadata."""
    bare = {**cell, "metadata": {}}
    if cell.cell_type == "code":
        bare |= {"execution_count": None, "outputs": _joined(cell.outputs)}
    return bare


def _joined(outputs: list[NotebookNode]) -> list[dict[str, Any]]:
    """Return outputs without counts; what is printed in several pieces is one.

    What is said on stderr goes: it is of the machine, such as that Matplotlib looks for its fonts.
    """
    joined: list[dict[str, Any]] = []
    for output in outputs:
        if output.get("name") == "stderr":
            continue
        if output.output_type == "stream" and joined and joined[-1].get("name") == output.name:
            joined[-1]["text"] += output.text
        else:
            count = {"execution_count": None} if "execution_count" in output else {}
            joined.append({**output, **count})
    return joined


def main() -> None:
    """Execute the notebook, and write it."""
    try:
        made = text(executed(read(), NOTEBOOK.parent))
    except CellExecutionError as error:
        sys.exit(f"{NOTEBOOK.relative_to(ROOT)} is as it was: {error}")
    NOTEBOOK.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
