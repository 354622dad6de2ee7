"""What a reader of an NPZ artifact refuses, and what it says."""

import os
import pickle
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.common.errors import DigitsError
from tests.common.artifacts.made import (
    KINDS,
    LABEL,
    ONE_HOT,
    PIXELS,
    ROW,
    Kind,
    each,
    npz_arrays,
    put_npz,
)
from tests.common.shared import message_of

pytestmark = pytest.mark.usefixtures("project")

NPZ = ["encoded train", "encoded test", "initial", "trained", "snapshots"]


@pytest.fixture(params=each(NPZ))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def refusal(kind: Kind) -> str:
    message = message_of(kind.read)
    assert str(kind.path) in message
    assert f"'{kind.stage}'" in message
    return message


def refusal_of(kind: Kind, changes: dict[str, Any]) -> str:
    kind.write()
    put_npz(kind.path, npz_arrays(kind.path) | changes)
    return refusal(kind)


class Trap:
    """An object whose unpickling makes a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def trapped(folder: Path) -> np.ndarray[Any, Any]:
    """Return an array that holds a trap."""
    array = np.empty(1, object)
    array[0] = Trap(folder)
    return array


@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_pickled_object_is_refused_and_not_run(kind: Kind, place: int, tmp_path: Path) -> None:
    kind.write()
    name = list(npz_arrays(kind.path))[place]
    refusal_of(kind, {name: trapped(tmp_path / "sprung")})
    assert not (tmp_path / "sprung").exists()


def test_a_pickled_object_beside_the_arrays_is_refused(kind: Kind, tmp_path: Path) -> None:
    refusal_of(kind, {"more": trapped(tmp_path / "sprung")})
    assert not (tmp_path / "sprung").exists()


def test_a_bare_pickle_is_refused_and_not_run(kind: Kind, tmp_path: Path) -> None:
    kind.put(pickle.dumps(Trap(tmp_path / "sprung")))
    refusal(kind)
    assert not (tmp_path / "sprung").exists()


def test_the_trap_works(tmp_path: Path) -> None:
    put_npz(tmp_path / "trap.npz", {"more": trapped(tmp_path / "sprung")})
    with np.load(tmp_path / "trap.npz", allow_pickle=True) as arrays:
        assert arrays["more"].shape == (1,)
    assert (tmp_path / "sprung").is_dir()


def npy(array: Any) -> bytes:
    content = BytesIO()
    np.save(content, array)
    return content.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def test_one_bare_array(kind: Kind) -> None:
    kind.put(npy(PIXELS))
    refusal(kind)


def stated(shape: tuple[int, ...]) -> bytes:
    """Return an array file that states a shape and holds nothing."""
    content = BytesIO()
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(content, header)
    return content.getvalue()


ARCHIVES = {
    "none": {},
    "a text": {"readme.txt": b"hello"},
    "a text named as an array": {"X.npy": b"hello"},
    "no value": {"X.npy": stated((3, 784)), "W1.npy": stated((3, 784))},
    "more than any memory": {"X.npy": stated((10**15,))},
    "more than any address": {"X.npy": stated((10**30,))},
}


@pytest.mark.parametrize("members", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_of_something_else(kind: Kind, members: dict[str, bytes]) -> None:
    kind.put(zipped(members))
    refusal(kind)


def test_a_version_that_is_a_list(kind: Kind) -> None:
    assert "format version" in refusal_of(kind, {"format_version": np.array([1])})


TWO_ONES, NO_ONE, A_TWO = ONE_HOT.copy(), ONE_HOT.copy(), ONE_HOT.copy()
TWO_ONES[1, 5] = 1
NO_ONE[1] = 0
A_TWO[1] = 2 * A_TWO[1]

ENCODED_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no X": ({"X": None}, "no array X"),
    "no Y": ({"Y": None}, "no array Y"),
    "no row": ({"row": None}, "no array row"),
    "no pixel_scale": ({"pixel_scale": None}, "no array pixel_scale"),
    "X divided": ({"X": PIXELS / 255}, "X is float64"),
    "X of int64": ({"X": PIXELS.astype(int)}, "X is int64"),
    "X flat": ({"X": PIXELS.ravel()}, "X is uint8 of shape (2352,)"),
    "X as images": ({"X": PIXELS.reshape(3, 28, 28)}, "X is uint8 of shape (3, 28, 28)"),
    "X narrow": (
        {"X": PIXELS[:, 1:]},
        "X is uint8 of shape (3, 783); expected 784 or 400 or 256 or 196 or 64 columns",
    ),
    "X of another side": ({"X": PIXELS[:, :729]}, "X is uint8 of shape (3, 729); expected 784 or"),
    "X short": ({"X": PIXELS[1:]}, "Y is uint8 of shape (3, 10)"),
    "Y short": ({"Y": ONE_HOT[1:]}, "Y is uint8 of shape (2, 10)"),
    "Y of labels": ({"Y": LABEL}, "Y is uint8 of shape (3,)"),
    "Y of floats": ({"Y": ONE_HOT.astype(float)}, "Y is float64"),
    "Y of 9 digits": ({"Y": ONE_HOT[:, :9]}, "Y is uint8 of shape (3, 9)"),
    "row long": ({"row": np.arange(4, dtype=np.int32)}, "row is int32 of shape (4,)"),
    "row of int64": ({"row": ROW.astype(np.int64)}, "row is int64"),
    "scale of float32": ({"pixel_scale": np.float32(255)}, "pixel_scale is float32"),
    "scale in a list": ({"pixel_scale": np.array([255.0])}, "pixel_scale is float64 of shape (1,)"),
    "scale whole": ({"pixel_scale": np.array(255)}, "pixel_scale is int64"),
    "scale 0": ({"pixel_scale": np.array(0.0)}, "pixel_scale is 0.0"),
    "scale below 0": ({"pixel_scale": np.array(-1.0)}, "pixel_scale is -1.0"),
    "scale infinite in float32": ({"pixel_scale": np.array(1e300)}, "pixel_scale is 1e+300"),
    "scale 0 in float32": ({"pixel_scale": np.array(1e-320)}, "pixel_scale is 1e-320"),
    "scale NaN": ({"pixel_scale": np.array(np.nan)}, "pixel_scale is nan"),
    "scale infinite": ({"pixel_scale": np.array(np.inf)}, "pixel_scale is inf"),
    "two digits": ({"Y": TWO_ONES}, "one-hot"),
    "no digit": ({"Y": NO_ONE}, "one-hot"),
    "a 2": ({"Y": A_TWO}, "one-hot"),
    "a row twice": ({"row": np.array([5, 0, 5], np.int32)}, "a row twice"),
    "a row below 0": ({"row": np.array([5, -1, 7], np.int32)}, "a row is -1"),
    "another array": ({"mean": np.zeros(3)}, "mean"),
    "no image": ({"X": PIXELS[:0], "Y": ONE_HOT[:0], "row": ROW[:0]}, "no row"),
}


@pytest.mark.parametrize("fault", ENCODED_FAULTS)
@pytest.mark.parametrize("name", ["encoded train", "encoded test"])
def test_encoded_digits_that_encode_does_not_write(name: str, fault: str) -> None:
    changes, words = ENCODED_FAULTS[fault]
    assert words in refusal_of(KINDS[name], changes)


def test_the_other_byte_order_is_not_misread() -> None:
    kind = KINDS["encoded train"]
    kind.write()
    put_npz(kind.path, npz_arrays(kind.path) | {"row": ROW.astype(ROW.dtype.newbyteorder())})
    try:
        found = kind.read().row.tolist()
    except DigitsError:
        return
    assert found == ROW.tolist()


def changed(name: str, key: str, value: float) -> dict[str, Any]:
    """Return the array `key` of a kind's weights with its last number changed."""
    artifact = KINDS[name].artifact
    layers = artifact if name == "initial" else artifact.layers
    array = layers[int(key[1]) - 1]["Wb".index(key[0])].copy()
    array.flat[-1] = value
    return {key: array}


def single(*shape: int) -> np.ndarray[Any, Any]:
    return np.zeros(shape, np.float32)


WEIGHT_FAULTS: dict[str, tuple[str, dict[str, Any], str]] = {
    # trained: 784-4-10 in float32; initial: 784-4-3-10 in float64.
    "no W1": ("trained", {"W1": None}, "no array W1"),
    "no b1": ("trained", {"b1": None}, "b1"),
    "no last b": ("initial", {"b3": None}, "it holds W1, W2, W3, b1, b2"),
    "no last layer": ("initial", {"W3": None, "b3": None}, "10 digits"),
    "no middle layer": ("initial", {"W2": None, "b2": None}, "no array W2"),
    "a fourth W": ("initial", {"W4": np.zeros((10, 10))}, "W4"),
    "another array": ("trained", {"mean": np.zeros(3)}, "mean"),
    "a layer of no unit": (
        "trained",
        {"W1": single(0, 784), "b1": single(0), "W2": single(4, 0)},
        "b1 is empty",
    ),
    "narrow W1": (
        "trained",
        {"W1": single(4, 783)},
        "W1 is float32 of shape (4, 783); expected 784 or 400 or 256 or 196 or 64 columns",
    ),
    "W1 of another side": ("trained", {"W1": single(4, 729)}, "W1 is float32 of shape (4, 729)"),
    "turned W1": ("trained", {"W1": single(784, 4)}, "W1 is float32 of shape (784, 4)"),
    "flat W2": ("trained", {"W2": single(40)}, "W2 is float32 of shape (40,)"),
    "long b1": ("trained", {"b1": single(5)}, "b1 is float32 of shape (5,)"),
    "b1 as a column": ("trained", {"b1": single(4, 1)}, "b1 is float32 of shape (4, 1)"),
    "9 digits": ("trained", {"W2": single(9, 4), "b2": single(9)}, "10 digits"),
    "mixed types": ("trained", {"b2": np.zeros(10)}, "b2 is float64"),
    "half precision": ("trained", {"W1": np.zeros((4, 784), np.float16)}, "W1 is float16"),
    "whole numbers": ("trained", {"W1": np.zeros((4, 784), np.int64)}, "W1 is int64"),
    "NaN in W1": ("initial", changed("initial", "W1", np.nan), "W1 holds"),
    "NaN in b3": ("initial", changed("initial", "b3", np.nan), "b3 holds"),
    "infinite W2": ("trained", changed("trained", "W2", np.inf), "W2 holds"),
    "infinite b1": ("trained", changed("trained", "b1", -np.inf), "b1 holds"),
}


@pytest.mark.parametrize("fault", WEIGHT_FAULTS)
def test_weights_that_no_stage_writes(fault: str) -> None:
    name, changes, words = WEIGHT_FAULTS[fault]
    assert words in refusal_of(KINDS[name], changes)


TRAINED_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no scale": ({"pixel_scale": None}, "no array pixel_scale"),
    "no side": ({"side": None}, "no array side"),
    "side of int64": ({"side": np.array(28)}, "side is int64"),
    "another side": ({"side": np.array(20, np.int32)}, "its side is 20, but its W1 is for 784"),
    "a side below 0": ({"side": np.array(-28, np.int32)}, "its side is -28, but its W1 is for 784"),
    "scale 0": ({"pixel_scale": np.array(0.0)}, "pixel_scale is 0.0"),
    "scale NaN": ({"pixel_scale": np.array(np.nan)}, "pixel_scale is nan"),
    "another activation": ({"activation": np.array("swish")}, "'swish'; expected sigmoid or tanh"),
    "an activation of bytes": ({"activation": np.array(b"tanh")}, "its activation is"),
    "activations": ({"activation": np.array(["tanh"])}, "its activation is"),
    "an activation of a number": ({"activation": np.array(5)}, "its activation is '5'"),
}


@pytest.mark.parametrize("fault", TRAINED_FAULTS)
def test_a_trained_network_that_no_stage_writes(fault: str) -> None:
    changes, words = TRAINED_FAULTS[fault]
    assert words in refusal_of(KINDS["trained"], changes)


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_only_another_activation_than_the_sigmoid_is_named(name: str) -> None:
    kind = KINDS["trained"]
    kind = replace(kind, artifact=replace(kind.artifact, activation=name))
    kind.write()
    named = {"activation"} if name != "sigmoid" else set()
    others = {"format_version", "W1", "b1", "W2", "b2", "pixel_scale", "side"}
    assert set(npz_arrays(kind.path)) == others | named
    assert kind.read().activation == name


def test_the_arrays_are_named_as_the_contract_says() -> None:
    KINDS["initial"].write()
    KINDS["encoded train"].write()
    weights = npz_arrays(KINDS["initial"].path)
    encoded = npz_arrays(KINDS["encoded train"].path)
    assert set(weights) == {"format_version", "W1", "b1", "W2", "b2", "W3", "b3"}
    assert set(encoded) == {"format_version", "X", "Y", "row", "pixel_scale"}
    assert encoded["pixel_scale"].shape == ()
