"""Real commits in scratch clones, and the verdict and exit code of each."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scratch import SOURCE, Scratch, small_source
from tests.tools import fabricated

METRICS = fabricated.METRICS
whole = pytest.mark.whole


def no_change(project: Scratch) -> None:
    (project.folder / "NOTES.md").write_text("Nothing that trains.\n")
    project.commit("Add notes")


def predicted(**flips: int) -> Callable[[Scratch], None]:
    """Return a commit with other predictions."""

    def commit(project: Scratch) -> None:
        fabricated.predict(project, **flips)
        project.commit("Predict something else")

    return commit


def predicted_otherwise_by_the_same_code(project: Scratch) -> None:
    fabricated.predict_by_the_same_code(project, spoil=1, mend=0, forget=0)
    project.commit("Edit the predictions, and all that records them")


def below_the_floor(project: Scratch) -> None:
    fabricated.predict(project, spoil=1)
    accuracy = json.loads((project.folder / METRICS).read_text())["test"]["accuracy"]
    project.set(gate__min_test_accuracy=accuracy + 0.0005)
    project.commit("Raise the floor")


def other_source(project: Scratch) -> None:
    fabricated.write(project, SOURCE, small_source(2000))
    project.commit("Other digits")


def longer(project: Scratch) -> None:
    project.retrain(train__epochs=500)


def slower(project: Scratch) -> None:
    project.retrain(train__learning_rate=0.001)


def split_again(project: Scratch) -> None:
    project.retrain(split__seed=1)


def read_again(project: Scratch) -> None:
    (project.folder / SOURCE).write_text(small_source(2000))
    project.retrain()


def metrics(change: Callable[[str], str | None]) -> Callable[[Scratch], None]:
    """Return a commit that does something to the metrics."""

    def commit(project: Scratch) -> None:
        path = project.folder / METRICS
        text = change(path.read_text())
        path.unlink() if text is None else path.write_text(text)
        project.commit("Do something to the metrics")

    return commit


def put(number: str) -> Callable[[str], str]:
    """Return a change that puts `number` in the place of the test accuracy."""

    def change(text: str) -> str:
        accuracy = json.loads(text)["test"]["accuracy"]
        return text.replace(f'"accuracy": {accuracy}', f'"accuracy": {number}')

    return change


def edit(path: str, text: str) -> Callable[[Scratch], None]:
    """Return a commit that adds a line to a file and leaves the reports as they are."""

    def commit(project: Scratch) -> None:
        with (project.folder / path).open("a") as file:
            file.write(text)
        project.commit(f"Edit {path}")

    return commit


def params_without_a_run(project: Scratch) -> None:
    project.set(train__epochs=301)
    project.commit("Set the epochs, and run nothing")


def report_of_another_run(project: Scratch) -> None:
    path = project.folder / "reports/history.csv"
    path.write_text(path.read_text().replace("\n1,2.", "\n1,3."))
    project.commit("Change the history by hand")


def nothing(project: Scratch) -> None:
    """Leave the project as it is."""


LACKS = "the reports of the working copy do not belong to it: "
FELL = "test accuracy fell by "
# What the commit does, the exit code, and what the reason says.
CASES = [
    (no_change, 0, "test accuracy is the same"),
    (predicted(mend=30), 0, "test accuracy rose by "),
    (predicted(spoil=100), 1, FELL),
    (predicted(spoil=7), 0, FELL),
    (predicted(spoil=8), 1, "with p = 0.0078, below gate.significance 0.01"),
    (predicted(spoil=60, mend=45), 0, "which the gate allows (p = 0.1"),
    (predicted(spoil=60, mend=43), 1, "more than gate.max_accuracy_drop 0.02"),
    (below_the_floor, 1, "is below gate.min_test_accuracy 0."),
    pytest.param(longer, 0, "test accuracy rose by ", marks=whole),
    pytest.param(slower, 1, FELL, marks=whole),
    (predicted_otherwise_by_the_same_code, 2, "that cannot be: the stage evaluate had the same"),
    (metrics(lambda _: None), 2, f"the working copy has no {METRICS}. Run `make repro`"),
    (metrics(lambda text: text[:40]), 2, f"{METRICS} of the working copy is not JSON: "),
    (metrics(lambda _: ""), 2, f"{METRICS} of the working copy is not JSON: "),
    (metrics(lambda _: "{}"), 2, f"{METRICS} of the working copy has no train.accuracy"),
    (metrics(put("NaN")), 2, f"test.accuracy in {METRICS} of the working copy is nan; expected"),
    (metrics(put("-Infinity")), 2, "is -inf; expected a finite number"),
    (metrics(put("1e999")), 2, "is inf; expected a finite number"),
    (metrics(put("true")), 2, "is True; expected a finite number"),
    (metrics(put("1.5")), 2, "is 1.5; expected a share from 0 to 1"),
    (metrics(put("0.95")), 2, "they are not of one run"),
    (edit("stages/network/descent.py", "# a remark\n"), 2, f"{LACKS}stages/network/descent.py"),
    (edit("reports/predictions.csv", "1,1\n"), 2, "line 802 is '1,1'; expected 3 numbers"),
    (edit("reports/per_class.json", " \n"), 2, f"{LACKS}reports/per_class.json is not as dvc.lock"),
    (edit("reports/figures/extra.txt", "x"), 2, f"{LACKS}reports/figures is not as dvc.lock"),
    (edit("data/raw/small.csv", "1,2\n"), 2, f"{LACKS}data/raw/small.csv is not as dvc.lock"),
    (params_without_a_run, 2, f"{LACKS}train.epochs in params.yaml is not as dvc.lock"),
    (report_of_another_run, 2, f"{LACKS}reports/history.csv is not as dvc.lock"),
]


@pytest.mark.parametrize(("commit", "code", "reason"), CASES)
def test_a_commit_and_its_verdict(
    commit: Callable[[Scratch], None], code: int, reason: str, project: Scratch
) -> None:
    commit(project)
    found, report = project.compare()
    assert found == code, report["reason"]
    assert reason in report["reason"]
    if code == 2:
        assert project.digits("compare").stderr == f"digits compare: {report['reason']}\n"
    else:
        assert report["baseline"]["chosen"] == "parent of HEAD"
        assert report["test"]["name"] == "mcnemar_exact"


@pytest.mark.parametrize(
    ("commit", "difference"),
    [
        (predicted(forget=50), "the test rows differ (800 before, 750 after, 750 in both)"),
        (other_source, "the source differs"),
        pytest.param(split_again, "the test rows differ (800 before, 800 after, ", marks=whole),
        pytest.param(read_again, "the source differs", marks=whole),
    ],
)
def test_other_images_are_compared_as_proportions(
    commit: Callable[[Scratch], None], difference: str, project: Scratch
) -> None:
    commit(project)
    code, report = project.compare()
    assert difference in report["images"]["difference"]
    assert report["images"]["flips"] is None
    assert report["test"]["name"] == "fisher_exact"
    change = report["metrics"]["test.accuracy"]["difference"]
    p = report["test"]["p_value"]
    assert code == (change < -0.02 or (change < 0 and p < 0.01))
    assert difference in project.digits("compare").stdout


@whole
def test_a_drop_within_noise_passes(project: Scratch) -> None:
    drops = 0
    for seed in (2, 3):  # better than seed 0, and a little worse than seed 2
        project.retrain(initialize__seed=seed)
        code, report = project.compare("--baseline", "HEAD~1")
        change, p = report["metrics"]["test.accuracy"]["difference"], report["test"]["p_value"]
        flips = report["images"]["flips"]
        assert len(flips["right_to_wrong"]) + len(flips["wrong_to_right"]) > 20
        assert code == (change < -0.02 - 1e-9 or (change < 0 and p < 0.01)), report["reason"]
        drops += code == 0 and change < 0
    assert drops, "no seed was a little worse than the one before"


UNKNOWN = (
    *("nowhere", "HEAD~9", "HEAD..main", "HEAD:README.md", ":/no such message", ""),
    *("--output=made", "-h", "$(touch made)", "; touch made", "HEAD\n"),
)


@pytest.mark.parametrize("revision", UNKNOWN)
def test_an_unknown_revision(revision: str, trained: Scratch) -> None:
    done = trained.digits("compare", f"--baseline={revision}")
    assert done.returncode == 2
    told = f"digits compare: unknown revision {revision!r}: not the name of a commit here\n"
    assert done.stderr == told
    assert not (trained.folder / "made").exists()


@pytest.mark.parametrize("revision", ["HEAD", "main", "@{0}", ":/Its results", "tagged"])
def test_any_name_of_a_commit_will_do(revision: str, trained: Scratch, tmp_path: Path) -> None:
    clone = trained.clone(tmp_path / "clone")
    clone.git("tag", "--annotate", "--message=a tag", "tagged")
    code, report = clone.compare("--baseline", revision)
    assert code == 0
    assert report["baseline"] | {"retrained": False} == report["baseline"]
    assert report["baseline"]["commit"] == clone.git("rev-parse", "HEAD")


def test_a_shallow_clone(trained: Scratch, tmp_path: Path) -> None:
    code, report = trained.clone(tmp_path / "clone", "--depth=1").compare()
    assert code == 2
    assert "fetch-depth: 0" in report["reason"]


def test_no_baseline(project: Scratch) -> None:
    code, report = project.compare()  # the parent is the commit with the code alone
    assert code == 2
    assert "has no reports/metrics.json: it is from before" in report["reason"]
    project.git("checkout", "--quiet", "--orphan", "lonely")
    project.commit("The first of its line")
    project.git("branch", "--force", "main", "lonely")
    code, report = project.compare()
    assert code == 2
    assert report["reason"].startswith("no baseline: HEAD is the first commit")


def test_a_baseline_whose_reports_do_not_belong_to_it(project: Scratch) -> None:
    params_without_a_run(project)
    project.retrain(train__epochs=300)
    code, report = project.compare()
    assert code == 2
    assert "do not belong to it: train.epochs" in report["reason"]
    assert "--rerun" in report["reason"]


def test_a_fresh_clone_needs_no_data(trained: Scratch, tmp_path: Path) -> None:
    clone = trained.clone(tmp_path / "clone")
    assert not (clone.folder / "data/digits.parquet").exists()
    code, report = clone.compare("--baseline", "HEAD")
    assert code == 0, report["reason"]


def test_data_that_changed_is_not_data_that_is_absent(project: Scratch) -> None:
    (project.folder / "data/split/test.parquet").write_bytes(b"other")
    code, report = project.compare("--baseline", "HEAD")
    assert code == 2
    assert "data/split/test.parquet is not as dvc.lock records it" in report["reason"]
    assert "do not belong" not in report["reason"]
    assert "dvc checkout" in report["reason"]


def test_the_gate_reruns_no_stage(project: Scratch) -> None:
    project.set(gate__max_accuracy_drop=0.5)
    assert "up to date" in project.dvc("status")


@pytest.mark.parametrize("value", [-0.1, 1.5, "much"])
def test_a_wrong_gate_compares_nothing(value: object, project: Scratch) -> None:
    project.set(gate__significance=value)
    code, report = project.compare("--baseline", "HEAD")
    assert code == 2
    assert "gate.significance" in report["reason"]
