"""Files in which Git left a merge to be decided are called that, whoever reads them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stages.common import params
from stages.common.artifacts import committed, reference
from stages.common.errors import DigitsError, refuse_conflict
from stages.tools import check_params, yaml_text

OURS, THEIRS = '{"a": 1}', '{"a": 2}'
CONFLICT = f"first\n<<<<<<< HEAD\n{OURS}\n=======\n{THEIRS}\n>>>>>>> branch\n"

READERS: dict[str, Callable[[], object]] = {
    "params": lambda: params.read(Path("params.yaml")),
    "yaml": lambda: yaml_text.mapping(CONFLICT.encode(), "dvc.lock of the working copy"),
    "metrics": lambda: committed.metrics(CONFLICT.encode(), "reports/metrics.json"),
    "predictions": lambda: committed.predictions(CONFLICT.encode(), "reports/predictions.csv"),
    "history": lambda: committed.history(CONFLICT.encode(), "reports/history.csv"),
    "reference": reference.read_post_costs,
}


@pytest.mark.parametrize("name", READERS)
def test_a_conflict_is_called_one(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (Path("params.yaml"), reference.POST_COSTS):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CONFLICT)
    with pytest.raises(DigitsError, match=r"conflict markers \(line 2: '<<<<<<< HEAD'\)"):
        READERS[name]()


@pytest.mark.parametrize("name", ["dvc.lock", "dvc.yaml", "params.yaml"])
def test_make_repro_names_it_before_dvc_starts(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(params.__file__).parents[2]
    (tmp_path / "params.yaml").write_bytes((root / "params.yaml").read_bytes())
    (tmp_path / name).write_text(CONFLICT)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DigitsError, match=f"{name} has Git's conflict markers"):
        check_params.main()


@pytest.mark.parametrize(
    "text", ["a: '<<<<<<< b'\n", "# <<<<<<< HEAD\n", "=======\n", "<<<<<<<<\n"]
)
def test_what_only_looks_like_one(text: str) -> None:
    refuse_conflict(text, "a text")
