"""Networks that come with the project: how one is kept, listed and used."""

import hashlib
import json
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stages.common.artifacts import models, reports, trained
from stages.common.artifacts.trained import Trained
from stages.common.artifacts.weights import Layers
from stages.tools import main
from tests.prepare.pictures import inked, some_digits, taken, written
from tests.scratch import ROOT, environment
from tests.tools.reading import Said, put_network

_PARAMS = """\
ingest: {source: a.csv}
initialize: {layers: [784, 10]}
train: {precision: reproducible, decay: 0.1}
"""
_MOST_BYTES_IN_ALL = 5_000_000


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a commit, a trained network, what it reads, and params of its own."""
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(_PARAMS)
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "Params")):
        subprocess.run(["git", *words], env=environment(tmp_path), check=True)
    changed = _PARAMS.replace("[784, 10]", "[784, 12, 10]").replace("0.1", "null")
    Path("params.yaml").write_text(changed)
    put_network(trained.TRAINED, 28, 255.0)
    reports.METRICS.parent.mkdir()
    scores = {"accuracy": 0.9125, "cost": 0.3}
    reports.METRICS.write_text(json.dumps({"train": scores, "test": scores}))
    return tmp_path


def refused(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the line with which a command is refused."""
    assert main.run(words) == main.FAULT
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.usefixtures("project")
def test_a_network_is_kept_rounded_and_with_the_command_that_trains_it() -> None:
    assert main.run(["keep", "tiny"]) == 0
    kept, own = trained.read(models.path_of("tiny")), trained.read(trained.TRAINED)
    for (W, b), (own_W, own_b) in zip(kept.layers, own.layers, strict=True):
        assert W.dtype == b.dtype == np.float32
        assert np.array_equal(W, own_W.astype(np.float32))
        assert np.array_equal(b, own_b.astype(np.float32))
    assert (kept.pixel_scale, kept.side, kept.activation) == (255.0, 28, "sigmoid")
    command = "dvc exp run -S 'initialize.layers=[784,12,10]' -S train.decay=null"
    assert models.listed() == {"tiny": models.Model([784, 10], 0.9125, command)}


@pytest.mark.usefixtures("project")
def test_the_same_network_is_kept_as_the_same_bytes() -> None:
    digests = set()
    for _ in range(2):
        assert main.run(["keep", "tiny"]) == 0
        files = sorted(models.FOLDER.iterdir())
        assert [file.name for file in files] == ["models.json", "tiny.npz"]
        digests.add(hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest())
    assert len(digests) == 1


def test_predict_uses_a_network_by_its_name_and_says_what_it_reads(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = some_digits(1)
    Image.fromarray(taken(written(inked(images[0], 4)))).save(project / "one.png")
    main.run(["keep", "tiny"])
    trained.TRAINED.unlink()
    capsys.readouterr()
    said = Said(capsys, "one.png", "--network", "tiny", "--sure", 0)
    assert said.code == 0
    assert said.lines[0].startswith(f"one.png: {labels[0]}, ")
    with pytest.raises(SystemExit, match="0"):
        main.run(["predict", "--help"])
    line = "tiny  91.25 % of the images that tested it, layers 784-10"
    assert line in capsys.readouterr().out
    assert "expected one of tiny" in refused("predict", "x", "--network", "big", capsys=capsys)


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"a": {"layers": 1}}', "<<<<<<< a\n"])
def test_a_spoiled_list_is_told_in_a_line(
    project: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / models.FOLDER).mkdir(parents=True)
    models.TABLE.write_text(text)
    assert str(models.TABLE) in refused("predict", "x", "--network", "a", capsys=capsys)
    with pytest.raises(SystemExit, match="0"):
        main.run(["predict", "--help"])


@pytest.mark.usefixtures("project")
def test_what_is_not_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no name for a network" in refused("keep", "../a", capsys=capsys)
    rng = np.random.default_rng(0)
    sizes = [784, 700, 10]
    large: Layers = [(rng.normal(size=(n, m)), np.zeros(n)) for m, n in pairwise(sizes)]
    diverged: Layers = [(np.full((10, 784), 1e60), np.zeros(10))]
    for layers, why in ((large, "2,226,040 bytes"), (diverged, "too large for float32")):
        trained.write(trained.TRAINED, Trained(layers, 255.0, 28, "silu"))
        assert why in refused("keep", "tiny", capsys=capsys)
    params = Path("params.yaml")
    params.write_text(params.read_text().replace("reproducible", "float32"))
    assert "other bytes on other machines" in refused("keep", "tiny", capsys=capsys)
    reports.METRICS.unlink()
    assert "cannot read reports/metrics.json" in refused("keep", "tiny", capsys=capsys)
    assert not models.FOLDER.exists()


def test_those_of_the_project_are_listed_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    files = {file.stem: file for file in models.FOLDER.glob("*.npz")}
    known = models.listed()
    assert sorted(files) == sorted(known)
    sizes = [file.stat().st_size for file in files.values()]
    assert max(sizes, default=0) <= models.MOST_BYTES
    assert sum(sizes) <= _MOST_BYTES_IN_ALL
    for name, file in files.items():
        layers = trained.read(file).layers
        assert known[name].layers == [layers[0][0].shape[1], *(len(b) for _, b in layers)]
