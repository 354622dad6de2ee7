"""The folder of a teacher: what training takes from it, and what it refuses."""

from pathlib import Path

import pytest

from stages import train
from stages.common.artifacts import trained, weights
from stages.common.artifacts.trained import TEACHER, Trained
from tests.common.artifacts.made import layers_of
from tests.common.shared import message_of
from tests.stages.made import put_encoded, put_params

pytestmark = pytest.mark.usefixtures("project")


def put_project(folder: Path = TEACHER) -> None:
    """Write what training reads: 20 images, a small network, and params that name a teacher."""
    put_encoded(train=20, test=1)
    weights.write(weights.INITIAL, [(W - 0.5, b) for W, b in layers_of([784, 3, 10])])
    put_params(train__epochs=3, train__teacher=folder.as_posix())


def put_teacher(folder: Path = TEACHER, scale: float = 255.0, side: int = 28) -> None:
    """Write a teacher of another size than its student."""
    layers = layers_of([side * side, 5, 4, 10], "float32")
    trained.write(folder / "trained.npz", Trained(layers, scale, side, "tanh"))


@pytest.mark.parametrize("folder", [TEACHER, Path("elsewhere")], ids=str)
def test_a_teacher_changes_what_is_learned(folder: Path) -> None:
    put_project()
    train.main()
    alone = trained.TRAINED.read_bytes()
    put_params(train__epochs=3, train__teacher=folder.as_posix())
    put_teacher(folder)
    train.main()
    taught = trained.TRAINED.read_bytes()
    assert taught != alone
    put_params(train__epochs=3, train__teacher=folder.as_posix(), train__teacher_weight=0.9)
    train.main()
    assert trained.TRAINED.read_bytes() != taught


def test_another_teacher_is_another_training() -> None:
    put_project()
    put_teacher()
    train.main()
    first = trained.TRAINED.read_bytes()
    put_teacher()  # of other random weights
    put_params(train__epochs=4)
    train.main()
    longer = trained.TRAINED.read_bytes()
    for path in Path(".cache/train").iterdir():
        path.unlink()
    train.main()
    assert trained.TRAINED.read_bytes() == longer != first


@pytest.mark.parametrize(
    ("scale", "side", "found"),
    [(1.0, 28, "side 28 at pixel scale 1.0"), (255.0, 20, "side 20 at pixel scale 255.0")],
)
def test_a_teacher_of_other_images_is_refused(scale: float, side: int, found: str) -> None:
    put_project()
    put_teacher(scale=scale, side=side)
    message = message_of(train.main)
    assert f"the teacher in train.teacher, data/teacher, reads images of {found}" in message
    assert "expected encode.side 28 and encode.pixel_scale 255.0" in message


@pytest.mark.parametrize("made", [True, False])
def test_another_folder_than_the_default_has_a_teacher(made: bool) -> None:
    put_project(Path("elsewhere"))
    if made:
        Path("elsewhere").mkdir()
    message = message_of(train.main)
    assert "train.teacher is 'elsewhere', where there is no trained.npz" in message


def test_a_damaged_teacher_is_named() -> None:
    put_project()
    (TEACHER / "trained.npz").write_bytes(b"none")
    message = message_of(train.main)
    assert (
        "cannot use data/teacher/trained.npz: it is no NPZ file. No stage here makes it" in message
    )


def test_a_folder_whose_name_is_too_long_is_refused() -> None:
    put_project(Path("x" * 300))
    assert "train.teacher cannot be read: xxx" in message_of(train.main)


def test_a_teacher_of_weights_beyond_the_grid_is_refused() -> None:
    put_project()
    layers = [(W * 1e25, b) for W, b in layers_of([784, 5, 10])]
    trained.write(TEACHER / "trained.npz", Trained(layers, 255.0, 28, "sigmoid"))
    assert "weights that are too large for train.precision" in message_of(train.main)


def test_a_teacher_that_its_temperature_takes_beyond_the_grid_is_refused() -> None:
    put_project()
    layers = [(W * 1e18, b) for W, b in layers_of([784, 5, 10])]
    trained.write(TEACHER / "trained.npz", Trained(layers, 255.0, 28, "sigmoid"))
    train.main()
    put_params(train__epochs=3, train__teacher_temperature=0.01)
    assert "too large for train.precision, at train.teacher_temperature 0.01" in message_of(
        train.main
    )
