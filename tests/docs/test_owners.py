"""Each params key, stage, artifact and command stands on the page that owns it."""

import json

import pytest

from stages.common import params
from stages.network.activations import ACTIVATIONS
from stages.network.averaging import AVERAGES
from stages.network.first_weights import FIRST_WEIGHTS
from stages.network.schedules import SCHEDULES
from stages.network.updates import UPDATES
from stages.tools.main import COMMANDS
from tests import processes
from tests.docs.pages import PAGES, ROOT, STAGES, outs, read, table, tables

README_LINES, README_BYTES, PAGE_LINES = 150, 10_000, 200
STAGE_PAGE = "docs/pipeline.md"


def test_readme_is_a_sitting() -> None:
    assert len(read("README.md").splitlines()) <= README_LINES
    assert len(read("README.md").encode()) <= README_BYTES


def test_readme_tells_the_accuracy_of_the_committed_run() -> None:
    show = ("git", "show", "HEAD:./reports/metrics.json")
    done = processes.run(show, cwd=ROOT)
    if done.returncode:
        pytest.skip("there is no commit here")
    accuracy = json.loads(done.stdout)["test"]["accuracy"]
    assert f"reads {accuracy:.1%} of the".replace("%", " %") in read("README.md")


def test_a_page_is_short() -> None:
    long = [page for page in PAGES if len(read(page).splitlines()) > PAGE_LINES]
    assert long == []


def test_the_index_leads_to_every_page() -> None:
    index = read("docs/README.md")
    pages = {page.removeprefix("docs/") for page in PAGES if page.startswith("docs/")}
    assert {page for page in pages if f"]({page})" not in index} == {"README.md"}


def test_the_readme_leads_to_every_page() -> None:
    readme = read("README.md")
    missing = {page for page in PAGES if f"]({page}" not in readme}
    assert missing == {"README.md", "docs/README.md"}


def test_the_table_of_params_is_that_of_the_stages() -> None:
    rows = {(key, allowed) for key, allowed, _ in table(STAGE_PAGE, "key", "allowed", "what it is")}
    tables = params.declared().items()
    assert rows == {
        (f"`{section}.{key}`", params.expected(schema))
        for section, keys in tables
        for key, schema in keys.items()
    }


def test_the_table_of_stages_is_that_of_the_pipeline() -> None:
    rows = [stage for stage, _ in table(STAGE_PAGE, "stage", "what it does")]
    assert rows == [f"`{stage}`" for stage in STAGES]


def test_the_table_of_artifacts_is_that_of_the_pipeline() -> None:
    rows = table(STAGE_PAGE, "file", "stage", "content")
    named = [(file, stage) for files, stage, _ in rows for file in files.split(", ")]
    assert sorted(named) == sorted((f"`{out}`", f"`{stage}`") for out, stage in outs())


def test_the_tables_of_methods_are_those_of_the_code() -> None:
    shown = [rows[1:] for rows in tables(read("docs/methods.md")) if rows[0][0] == "value"]
    families = (FIRST_WEIGHTS, ACTIVATIONS, UPDATES, SCHEDULES, AVERAGES)
    assert [[value for value, *_ in rows] for rows in shown] == [
        [f"`{name}`" for name in family] for family in families
    ]


def test_each_command_is_shown() -> None:
    pages = "\n".join(map(read, PAGES))
    assert [name for name in COMMANDS if f"digits {name}" not in pages] == []


def test_each_lock_is_named() -> None:
    page = read("docs/same-bytes.md")
    locks = [file.name for file in ROOT.glob("requirements*.lock")]
    assert [name for name in locks if f"`{name}`" not in page] == []
