"""params.yaml: what is accepted, and what is said of the rest."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from stages.common import params
from stages.common.errors import DigitsError
from tests.common.shared import REPOSITORY, message_of, params_with, share, yaml_of

# The defaults of the contract.
DEFAULTS: dict[str, dict[str, Any]] = {
    "ingest": {"source": "data/raw/mnist-5k.csv.gz"},
    "split": {"train_rows": 3500, "test_rows": None, "shuffle": True, "seed": 0},
    "encode": {"pixel_scale": 255.0},
    "initialize": {"layers": [784, 16, 16, 10], "seed": 0},
    "train": {"epochs": 500, "learning_rate": 0.8, "precision": "reproducible"},
    "gate": {"max_accuracy_drop": 0.02, "significance": 0.01, "min_test_accuracy": 0.8},
}
KEYS = [(section, key) for section, table in DEFAULTS.items() for key in table]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("params") / "params.yaml"


def text_with(key: str, value: str) -> str:
    """Return the repository's params as YAML, in which one key's value is this text."""
    return yaml_of(params_with({key: "@value@"})).replace("'@value@'", value)


def read_text(path: Path, text: str) -> Any:
    path.write_text(text, encoding="utf-8")
    return params.check(params.read(path))


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


ACCEPTED: dict[str, list[str]] = {
    "ingest.source": ["x", "data/mnist", "'my file.csv'", "'5'"],
    "ingest.highest": ["null", "1", "15", "255.0", "0.99609375", "65535"],
    "split.train_rows": ["1", "42000", "70000"],
    "split.test_rows": ["1", "null", "~", ""],
    "split.shuffle": ["true", "false"],
    "split.seed": ["0", "4294967295"],
    "split.max_shared_images": ["0", "0.0", "0.1", "1", "1.0"],
    "encode.pixel_scale": ["1", "1.0", "255", "255.0", "1000000", "1e-3", "0.001"],
    "initialize.layers": ["[784, 10]", "[784, 1, 10]", "[784, 10000, 10]", "[784, 16, 16, 16, 10]"],
    "initialize.seed": ["0", "4294967295"],
    "train.epochs": ["1", "10000000"],
    "train.learning_rate": ["1", "0.8", "1e-3", "8e-1", "100.0"],
    "train.precision": ["reproducible", "float32", "float64"],
    "gate.max_accuracy_drop": ["0", "0.02", "1", "1.0"],
    "gate.significance": ["0", "1e-3", "1"],
    "gate.min_test_accuracy": ["0", "0.0", "0.8", "1"],
}
_WHOLE = "a whole number"
_WRONG_WHOLE = ["null", "true", "1.0", "1.5", "'1'", "one", "[1]", "{a: 1}", ".nan", ".inf"]
_NOT_NUMBERS = ["null", "true", "'0.5'", "x", "[0.5]", ".nan", ".inf", "-.inf", "-1"]
_NOT_SHARES = [*_NOT_NUMBERS, "-0.001", "1.001", "2"]
_SHARE = "a finite number at least 0 and at most 1"
_SEEDS = ["-1", "4294967296", *_WRONG_WHOLE]

# A key, the values that it refuses, and what is said to be expected.
REFUSED: dict[str, tuple[list[str], str]] = {
    "ingest.source": (["null", "5", "''", "true", "[a.csv]"], "a text that is not empty"),
    "ingest.highest": (
        [*_NOT_NUMBERS[1:], "0", "0.0", "65536"],
        "a finite number above 0 and at most 65535 or null",
    ),
    "split.train_rows": (["0", "-1", *_WRONG_WHOLE], f"{_WHOLE} at least 1"),
    "split.test_rows": (["0", "-1", *_WRONG_WHOLE[1:]], f"{_WHOLE} at least 1 or null"),
    "split.shuffle": (["null", "1", "'true'", "yes", "on", "[true]"], "true or false"),
    "split.seed": (_SEEDS, f"{_WHOLE} at least 0 and at most 4294967295"),
    "encode.pixel_scale": (
        [*_NOT_NUMBERS, "0", "0.0", "0.0009", "1000001"],
        "a finite number at least 0.001 and at most 1000000",
    ),
    "initialize.layers": (
        ["null", "784", "[]", "[784]", "[784, 16]", "[784, 10, 9]", "'784, 10'"],
        "a list of 2 or more, from 784 to 10",
    ),
    "initialize.seed": (_SEEDS, f"{_WHOLE} at least 0 and at most 4294967295"),
    "train.epochs": (["0", "10000001", *_WRONG_WHOLE], f"{_WHOLE} at least 1 and at most 10000000"),
    "train.learning_rate": ([*_NOT_NUMBERS, "0", "0.0"], "a finite number above 0"),
    "train.precision": (
        ["null", "float16", "32", "[float32]", "Float32"],
        "reproducible or float32 or float64",
    ),
    "split.max_shared_images": (_NOT_SHARES, _SHARE),
    "gate.max_accuracy_drop": (_NOT_SHARES, _SHARE),
    "gate.significance": (_NOT_SHARES, _SHARE),
    "gate.min_test_accuracy": (_NOT_SHARES, _SHARE),
}


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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        ("'1e-3'", "1e-3"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("010", 10),
        ("0o10", 8),
        ("1:30", "1:30"),
        ("0.8", 0.8),
    ],
)
def test_yaml_is_read_as_version_1_2(text: str, value: Any, path: Path) -> None:
    path.write_text(f"key: {text}\n")
    found = params.read(path)["key"]
    assert (type(found), found) == (type(value), value)


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


def test_a_key_twice_is_told_with_its_line(path: Path) -> None:
    message = message_of(lambda: read_text(path, "a: 1\nb: 2\na: 3\n"))
    assert "params.yaml: line 3: found duplicate key" in message
    assert "suppress" not in message


UNREADABLE = {
    "a key twice": b"a: 1\na: 2\n",
    "a key twice inside": b"train:\n  epochs: 5\n  epochs: 6\n",
    "no end": b"a: [1, 2\n",
    "a tab": b"train:\n\tepochs: 5\n",
    "two documents": b"--- 1\n--- 2\n",
    "an alias of nothing": b"a: *b\n",
    "a Python object": b"a: !!python/object/apply:os.getcwd []\n",
    "a tag of nobody": b"a: !foo 5\n",
    "not UTF-8": b"a: \xff\n",
    "UTF-16": "a: 1\n".encode("utf-16"),
    "a NUL": b"a: \0\n",
    "no such day": b"a: 2001-99-99\n",
    "no such escape": b'a: "\\U00110000"\n',
    "an escape beyond any": b'a: "\\UFFFFFFFF"\n',
    "more digits than Python reads": b"a: " + b"9" * 5000 + b"\n",
    "no boolean": b"a: !!bool x\n",
    "no whole number": b"a: !!int ''\n",
    "no number": b"a: !!float ''\n",
    "no version": b"%YAML 1.99\n---\na: 1\n",
    "a mapping as a key": b"{a: 1}: 1\n",
    "deep lists": b"[" * 500,
    "deep mappings": b"{a: " * 500,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_yaml_is_named(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    assert str(path) in message_of(lambda: params.read(path))


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "- train\n", "5", "text", "null"])
def test_a_file_that_is_no_mapping(text: str, path: Path) -> None:
    assert "expected a mapping" in message_of(lambda: read_text(path, text))


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = message_of(params.check_file)
    assert "params.yaml" in message
    assert "No such file" in message


def test_a_byte_order_mark_does_no_harm(path: Path) -> None:
    text = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")
    assert read_text(path, "\ufeff" + text) == params_with({})


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**400), max_value=10**400)
    | st.floats()
    | st.text(max_size=8)
    | st.dates()
    | st.binary(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4),
    max_leaves=8,
)


def refuse_or_return(path: Path) -> Any:
    """Return the checked content, or None where it is refused; nothing else may be raised."""
    try:
        return params.check(params.read(path))
    except DigitsError:
        return None


@share(0.5)
@given(key=st.sampled_from(KEYS), value=VALUES)
def test_any_value_of_any_key_is_refused_or_kept(
    key: tuple[str, str], value: Any, path: Path
) -> None:
    path.write_text(yaml_of(params_with({".".join(key): value})), encoding="utf-8")
    content = refuse_or_return(path)
    assert content is None or content[key[0]][key[1]] == value


@share(0.5)
@given(content=VALUES)
def test_any_other_file_is_refused(content: Any, path: Path) -> None:
    path.write_text(yaml_of(content), encoding="utf-8")
    assert refuse_or_return(path) is None


@given(content=st.binary() | st.text(alphabet="ab:-[]{}&*!|>'\"%@`#?,01.\n ").map(str.encode))
@example(content=b"a: 0x" + b"f" * 5000)
@example(content=b"&a [*a]")
@example(content=b"a: &a 1\nb: &a 2")
@example(content=b"&a {train: *a}")
def test_any_bytes_are_refused(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    assert refuse_or_return(path) is None


@given(number=st.floats(min_value=0, exclude_min=True, allow_infinity=False))
def test_every_finite_learning_rate_above_0_is_accepted(number: float) -> None:
    kept = params.check(params_with({"train.learning_rate": number}))["train"]["learning_rate"]
    assert math.isclose(kept, number, rel_tol=0)
