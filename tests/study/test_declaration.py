"""The study's dvc.yaml against its code: what it imports, looks up and writes."""

from stages.common.checksums import MNIST
from stages.study import settings
from tests.pipeline.declared import read_yaml
from tests.scratch import ROOT
from tests.study.small import STUDY_FILE, Study, declared


def test_it_is_a_record_which_dvc_never_runs() -> None:
    assert declared()["frozen"] is True
    reference = "data/reference/post-cost-curve.csv"
    assert declared()["deps"] == [MNIST.as_posix(), reference, settings.PARAMS_FILE.as_posix()]
    assert "params" not in declared()


def test_outs_are_all_that_is_written_and_git_keeps_them(study: Study) -> None:
    outs = declared()["outs"]
    kept = {"cache": False, "persist": True}
    assert all(options == kept for out in outs for options in out.values())
    ours = {"params.yaml", "dvc.yaml", "dvc.lock", "texts"}
    written = {path.name for path in study.reports.iterdir()} - ours
    assert written == {path.rpartition("/")[2] for out in outs for path in out}


def test_the_digits_are_not_in_git(study: Study) -> None:
    assert study.run("git", "status", "--porcelain", "data").stdout == ""
    assert study.git("ls-files", "data/raw") == MNIST.as_posix()


def test_no_report_of_any_stage_can_vanish_before_its_stage_has_made_another() -> None:
    # DVC deletes an out before it runs the stage, except one that persists.
    for name in ("dvc.yaml", STUDY_FILE):
        for stage in read_yaml(ROOT / name)["stages"].values():
            for out in stage["outs"]:
                path, options = next(iter(out.items())) if isinstance(out, dict) else (out, {})
                assert not path.startswith("reports/") or options.get("persist"), f"{name}: {path}"
