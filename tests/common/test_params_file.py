"""params.yaml as a file: how it is read, and what is said of one that cannot be."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stages.common import params
from stages.common.errors import DigitsError
from tests.common.defaults import KEYS, read_text
from tests.common.shared import REPOSITORY, message_of, params_with, share, yaml_of


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("params") / "params.yaml"


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
