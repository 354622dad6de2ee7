"""The command that trains a network of the ladder, against what the study trains."""

import shlex
from typing import Any

import pytest
from ruamel.yaml import YAML

from stages.common import params
from stages.common.errors import DigitsError
from stages.network.recipe import POST
from stages.study.ladder import recipe_command
from stages.study.ladder.entries import Entry
from stages.study.ladder.pools import Counts
from stages.study.ladder.pupil import settings_of
from tests.common.defaults import DEFAULTS
from tests.docs import commands
from tests.docs.pages import Code

COUNTS = Counts(0, 30000, 3000, 12000, 60000, 10000)
VALUES: dict[str, Any] = {
    "encode.pixel_scale": 255.0,
    "encode.side": 16,
    "initialize.layers": [256, 40, 10],
    "initialize.first_weights": "glorot",
    "train.epochs": 70,
    "train.learning_rate": 0.003,
    "train.precision": "float32",
    "train.batch_rows": 128,
    "train.update": "adamw",
    "train.schedule": "constant",
    "train.shift": 1.0,
}


def entry(rows: str, seed: int = 0, teacher: Entry | None = None) -> Entry:
    return Entry("some", VALUES, rows, seed, "key", teacher)


def typed(rows: str, seed: int = 0) -> dict[str, Any]:
    """Return what the command sets, read as a shell and DVC read it."""
    text = recipe_command.command(entry(rows, seed), "data/raw/mnist", COUNTS)
    words = shlex.split(text.replace("\\\n", " "))
    assert words[:3] == ["dvc", "exp", "run"]
    assert set(words[3::2]) == {"-S"}
    yaml = YAML(typ="safe", pure=True)
    pairs = (word.partition("=") for word in words[4::2])
    return {key: yaml.load(value) for key, _, value in pairs}


def test_the_pipeline_then_trains_as_the_study_does() -> None:
    sets = typed("all")
    sections = {name: dict(section) for name, section in DEFAULTS.items()}
    for key, value in sets.items():
        section, _, name = key.partition(".")
        sections[section][name] = value
    wanted = settings_of(VALUES, 0)
    assert {name: sections["train"].get(name, POST.get(name)) for name in wanted} == wanted
    assert sections["encode"]["pixel_scale"] == 255.0
    assert sections["encode"]["side"] == 16
    assert sections["initialize"]["layers"] == [256, 40, 10]
    assert sections["initialize"]["first_weights"] == "glorot"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("all", {"split.train_rows": 30000, "split.test_rows": 12000}),
        (
            "rungs",
            {
                "split.train_rows": 27000,
                "split.validation_rows": 3000,
                "split.test_rows": 12000,
            },
        ),
        ("official", {"split.train_rows": 60000, "split.shuffle": False}),
    ],
)
def test_the_rows_are_the_studys(rows: str, wanted: dict[str, Any]) -> None:
    found = {key: value for key, value in typed(rows).items() if key.startswith("split.")}
    assert found == wanted


def test_another_seed_is_set_for_the_first_weights_and_for_training() -> None:
    sets = typed("all", seed=3)
    assert (sets["initialize.seed"], sets["train.seed"]) == (3, 3)
    assert "train.seed" not in typed("all")


def test_what_is_the_posts_is_not_said() -> None:
    assert "train.schedule" not in typed("all")


def test_every_key_is_one_of_the_pipelines_and_the_command_can_be_typed_in() -> None:
    text = recipe_command.command(entry("official"), "data/raw/mnist", COUNTS)
    assert max(map(len, text.splitlines())) <= 120
    (words,) = commands.commands(Code(text, block=True))
    assert commands.fault(words) is None
    declared = params.declared()
    for key in typed("official"):
        section, _, name = key.partition(".")
        assert name in declared[section]


def test_a_script_has_the_command_of_each_that_has_one() -> None:
    first, other = entry("all"), entry("all")._replace(name="other")
    taught = entry("all", teacher=entry("all"))._replace(name="taught")
    text = recipe_command.of_all([first, taught, other], "data/raw/mnist", COUNTS)
    command = recipe_command.command(first, "data/raw/mnist", COUNTS)
    assert text == f"# some\n{command}\n\n# other\n{command}\n"


def test_a_network_with_a_teacher_has_no_one_command() -> None:
    with pytest.raises(DigitsError, match="some has a teacher"):
        recipe_command.command(entry("all", teacher=entry("all")), "data/raw/mnist", COUNTS)
