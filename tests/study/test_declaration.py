"""The study's dvc.yaml against its code: what it imports, looks up and writes."""

import json
import sys
from typing import Any

from tests import processes
from tests.scratch import ROOT
from tests.study.small import REPORTS, SETTINGS, Study, declared

LIST_MODULES = """
import json, pathlib, sys
import stages.study.run
here = pathlib.Path.cwd()
files = [module.__file__ for name, module in sys.modules.items() if name.startswith("stages")]
print(json.dumps([pathlib.Path(file).relative_to(here).as_posix() for file in files]))
"""


def keys(sections: dict[str, Any]) -> set[str]:
    """Return the dotted names of the keys in a table of sections."""
    return {f"{section}.{key}" for section, table in sections.items() for key in table}


def test_deps_are_the_digits_the_reference_and_all_code_imported() -> None:
    command = (sys.executable, "-c", LIST_MODULES)
    done = processes.run(command, cwd=ROOT)
    data = {"${ingest.source}", "data/reference/post-cost-curve.csv"}
    assert set(declared()["deps"]) == {*json.loads(done.stdout), *data}


def test_params_are_all_keys_of_the_file() -> None:
    (params,) = declared()["params"]
    ((path, listed),) = params.items()
    assert path == (REPORTS / "params.yaml").as_posix()
    assert set(listed) == keys(SETTINGS)


def test_outs_are_all_that_is_written_and_git_keeps_them(study: Study) -> None:
    outs = declared()["outs"]
    assert all(options == {"cache": False} for out in outs for options in out.values())
    ours = {"params.yaml", "dvc.yaml", "dvc.lock", "texts"}
    written = {path.name for path in study.reports.iterdir()} - ours
    assert written == {path.rpartition("/")[2] for out in outs for path in out}


def test_the_digits_are_not_in_git(study: Study) -> None:
    assert study.run("git", "status", "--porcelain", "data").stdout == ""
    assert study.run("git", "ls-files", "data/raw").stdout == ""
