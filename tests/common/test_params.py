"""params.yaml: what is accepted, and what is said of the rest."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from stages.common import methods, params
from tests.common.defaults import DEFAULTS, KEYS, read_text
from tests.common.shared import REPOSITORY, message_of, params_with, yaml_of
from tests.common.values import ACCEPTED, REFUSED


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("params") / "params.yaml"


def text_with(key: str, value: str) -> str:
    """Return the repository's params as YAML, in which one key's value is this text."""
    return yaml_of(params_with({key: "@value@"})).replace("'@value@'", value)


def test_the_file_of_the_repository_has_the_documented_defaults() -> None:
    content = params.check(params.read(REPOSITORY / "params.yaml"))
    # As JSON, because in Python 255 == 255.0 and 1 == True.
    found = {
        section: {key: content[section][key] for key in table}
        for section, table in DEFAULTS.items()
    }
    assert json.dumps(found) == json.dumps(DEFAULTS)


def test_load_gives_one_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert params.load("train") == DEFAULTS["train"]
    assert set(params.check_file()) >= set(DEFAULTS)


def test_every_key_has_its_rows_here() -> None:
    declared = params.declared()
    keys = {f"{section}.{key}" for section in DEFAULTS for key in declared[section]}
    assert keys == set(ACCEPTED) == set(REFUSED)


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in ACCEPTED.items() for value in values]
)
def test_accepted(key: str, value: str, path: Path) -> None:
    content = read_text(path, text_with(key, value))
    section, name = key.split(".")
    assert content[section][name] == YAML(typ="safe", pure=True).load(value)


def shown(value: object) -> str:
    """Return a value as a message shows it."""
    return "empty (null)" if value is None else repr(value)


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, (values, _) in REFUSED.items() for value in values]
)
def test_refused(key: str, value: str, path: Path) -> None:
    message = message_of(lambda: read_text(path, text_with(key, value)))
    assert message.startswith("params.yaml: ")
    found = YAML(typ="safe", pure=True).load(value)
    assert f"{key} is {shown(found)}; expected {REFUSED[key][1]}" in message


@pytest.mark.parametrize(
    ("layers", "item", "found"),
    [
        ([783, 10], 0, "783"),
        ([784.0, 10], 0, "784.0"),
        ([28, 10], 0, "28"),
        ([None, 10], 0, "empty (null)"),
        ([784, 0, 10], 1, "0"),
        ([784, -1, 10], 1, "-1"),
        ([784, 10001, 10], 1, "10001"),
        ([784, 16.0, 10], 1, "16.0"),
        ([784, True, 10], 1, "True"),
        ([784, [16], 10], 1, "[16]"),
        ([784, 16, "10"], 2, "'10'"),
        ([784, 16, 10.0], 2, "10.0"),
    ],
)
def test_a_wrong_layer_is_told_by_its_place(layers: list[Any], item: int, found: str) -> None:
    message = message_of(lambda: params.check(params_with({"initialize.layers": layers})))
    assert f"initialize.layers.{item} is {found}; expected" in message


@pytest.mark.parametrize("number", [10**309, 10**400], ids=["10^309", "10^400"])
def test_a_whole_number_beyond_any_float_is_no_learning_rate(number: int) -> None:
    content = params_with({"train.learning_rate": number})
    assert "train.learning_rate" in message_of(lambda: params.check(content))


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_a_missing_key_is_named(section: str, key: str) -> None:
    content = params_with({})
    del content[section][key]
    message = message_of(lambda: params.check(content))
    assert f"{section}.{key} is missing; expected {REFUSED[f'{section}.{key}'][1]}" in message


@pytest.mark.parametrize("section", DEFAULTS)
def test_a_missing_section_is_named(section: str) -> None:
    content = params_with({})
    del content[section]
    assert f"{section} is missing; expected a mapping" in message_of(lambda: params.check(content))


@pytest.mark.parametrize("section", DEFAULTS)
@pytest.mark.parametrize("value", [None, 5, "text", [1]])
def test_a_section_that_is_no_mapping(section: str, value: Any) -> None:
    message = message_of(lambda: params.check(params_with({}) | {section: value}))
    assert f"{section} is {shown(value)}; expected a mapping" in message


@pytest.mark.parametrize(
    ("section", "typed", "meant"),
    [
        ("train", "epoch", "train.epochs"),
        ("train", "learning-rate", "train.learning_rate"),
        ("split", "train_row", "split.train_rows"),
        ("encode", "pixelscale", "encode.pixel_scale"),
        ("initialize", "layer", "initialize.layers"),
    ],
)
@pytest.mark.parametrize("instead", [True, False])
def test_a_misspelt_key_is_told_with_the_nearest(
    section: str, typed: str, meant: str, instead: bool
) -> None:
    content = params_with({})
    content[section][typed] = 5
    if instead:
        del content[section][meant.split(".")[1]]
    message = message_of(lambda: params.check(content))
    assert f"unknown key {section}.{typed} (its value is 5); did you mean {meant}?" in message


def test_an_unknown_key_that_is_like_no_other() -> None:
    content = params_with({})
    content["train"]["xyz"] = None
    message = message_of(lambda: params.check(content))
    assert "unknown key train.xyz" in message
    for key in DEFAULTS["train"]:
        assert key in message.partition("expected")[2]


def test_a_misspelt_section() -> None:
    content = params_with({})
    content["trian"] = content.pop("train")
    message = message_of(lambda: params.check(content))
    assert "unknown key trian" in message
    assert "did you mean train?" in message


@pytest.mark.parametrize("key", [5, None, True, 1.5, ("a",)])
def test_an_unknown_key_that_is_no_text(key: Any) -> None:
    assert f"unknown key {key}" in message_of(lambda: params.check({**params_with({}), key: 1}))


def test_names_of_methods_are_the_keys_of_the_literal_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "network").mkdir()
    (tmp_path / "network/rules.py").write_text(
        "RULES: dict[str, Rule] = {'plain': (1, f), 'one-two': g}\nOTHER = {'a': 1}\n"
    )
    table = {"train": {"rule": {"keys_of": "network/rules.py:RULES"}}}
    (tmp_path / "train.py").write_text(f"PARAMS = {table}\n")
    monkeypatch.setattr(params, "STAGES", tmp_path)
    monkeypatch.setattr(methods, "STAGES", tmp_path)
    found = params.declared.__wrapped__()
    assert found == {"train": {"rule": {"enum": ["plain", "one-two"]}}}
    content = {"train": {"rule": "two"}}
    message = message_of(lambda: params.check_against(found, content, path=Path("params.yaml")))
    assert message == "params.yaml: train.rule is 'two'; expected plain or one-two"


@pytest.mark.parametrize(("value", "ok"), [(0.0, True), (0.999, True), (1, False), (1.5, False)])
def test_a_number_below_a_bound(value: float, ok: bool) -> None:
    table = {"s": {"k": {"type": "number", "minimum": 0, "exclusiveMaximum": 1}}}
    if ok:
        params.check_against(table, {"s": {"k": value}}, Path("p"))
        return
    message = message_of(lambda: params.check_against(table, {"s": {"k": value}}, Path("p")))
    assert message.endswith("expected a finite number at least 0 and below 1")
