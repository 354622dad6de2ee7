"""Arrows point one way: who may import whom."""

import re
import sys

import pytest

from tests.pipeline.declared import STAGES
from tests.pipeline.imports import MODULES, imported_files, imported_names
from tests.scratch import ROOT

# What each part of stages/ may import of the others; the package itself is everyone's.
ALLOWED = {
    "common": set[str](),
    "network": set[str](),
    "sources": {"common"},
    "prepare": set[str](),
    "cluster": {"common", "network"},
    "figures": set[str](),
    "page": {"common", "network"},
    "onnx_graph": {"common", "network"},
    # A tool runs around the pipeline and the study on top of it: each may use what a stage does.
    "tools": {"common", "network", "sources", "prepare", "figures", *STAGES},
    "study": {"common", "network", "sources", "figures", "cluster", *STAGES},
    **{
        stage: {"common", "network", "sources", "figures", "page", "onnx_graph", "cluster"}
        for stage in STAGES
    },
}


def part(module: str) -> str:
    """Return the part of stages/ that a file belongs to: a folder's name or a stage's."""
    return module.split("/")[1].removesuffix(".py")


def packages(module: str) -> set[str]:
    """Return the top-level packages that a file imports."""
    return {name.partition(".")[0] for name in imported_names(module)}


def test_every_module_belongs_to_a_part() -> None:
    assert {part(module) for module in MODULES} == {*ALLOWED, "__init__"}


def test_no_two_modules_have_one_name() -> None:
    names = [module.rpartition("/")[2] for module in MODULES]
    assert {name for name in names if names.count(name) > 1} == {"__init__.py"}


@pytest.mark.parametrize("module", [module for module in MODULES if part(module) in ALLOWED])
def test_a_module_imports_only_what_its_part_may(module: str) -> None:
    found = {part(file) for file in imported_files(module)}
    assert found - {"__init__", part(module)} <= ALLOWED[part(module)]


def test_the_picture_for_contributors_is_that_of_these_rules() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (drawn,) = re.findall(r"^```mermaid\nflowchart TD\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    rules = {name: targets for name, targets in ALLOWED.items() if name not in STAGES}
    rules["stages"] = ALLOWED[STAGES[0]]
    arrows = {
        (name, "stages" if target in STAGES else target)
        for name, targets in rules.items()
        for target in targets
    }
    assert set(re.findall(r"(\w+) --> (\w+)", drawn)) == arrows


def test_the_network_is_numpy_alone() -> None:
    network = [module for module in MODULES if part(module) == "network"]
    found = set[str]().union(*map(packages, network))
    assert found - sys.stdlib_module_names <= {"numpy", "stages"}


def test_the_preparation_is_numpy_and_the_labels_of_connected_pixels() -> None:
    prepare = [module for module in MODULES if part(module) == "prepare"]
    found = set[str]().union(*map(imported_names, prepare))
    others = {name for name in found if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name for name in others if not name.startswith(("numpy", "stages"))} <= {
        "scipy",
        "scipy.ndimage",
    }


def test_of_the_stages_only_plot_draws() -> None:
    drawing = {part(module) for module in MODULES if "matplotlib" in packages(module)}
    assert drawing == {"figures", "plot", "study"}
    assert not [module for module in MODULES if "matplotlib.pyplot" in imported_names(module)]


OWNERS = [
    ("plot", "figures"),
    ("ingest", "sources"),
    ("train", "cluster"),
    ("export", "page"),
    ("export", "onnx_graph"),
]


@pytest.mark.parametrize(("owner", "owned"), OWNERS)
def test_of_the_stages_one_imports(owner: str, owned: str) -> None:
    importers = {part(module) for module in MODULES if owned in map(part, imported_files(module))}
    assert importers & {*STAGES} == {owner}
