"""What a comparison writes: text, JSON, Markdown and pictures."""

import dataclasses
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stages.tools.compare import markdown_report, results, text_report
from stages.tools.compare.commits import Chosen
from stages.tools.compare.comparison import Context, compare
from stages.tools.compare.json_report import SCHEMA
from stages.tools.compare.markdown_report import escape
from stages.tools.compare.results import Results
from stages.tools.gate import Gate
from stages.tools.project_files import Folder
from tests.scratch import Scratch

PNG = b"\x89PNG\r\n\x1a\n"


def validate(path: Path) -> None:
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(path.read_text()))


def test_all_reports_of_a_comparison(worse: Scratch, tmp_path: Path) -> None:
    page = tmp_path / "new folder" / "the report.md"
    data = tmp_path / "report.json"
    done = worse.digits("compare", "--json", str(data), "--markdown", str(page))
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1].startswith("WORSE: test accuracy fell by ")
    assert re.search(r"^train.epochs +300 +100$", done.stdout, re.MULTILINE)
    validate(data)
    text = page.read_text()
    assert text.startswith("# Worse\n\n**test accuracy fell by ")
    assert "| train.epochs | 300 | 100 |" in text
    for name in ("confusion_before", "confusion_after", "cost", "flipped"):
        assert f"(the%20report_files/{name}.png)" in text
        assert (tmp_path / f"new folder/the report_files/{name}.png").read_bytes()[:8] == PNG


def test_the_json_adds_up(worse: Scratch) -> None:
    _, report = worse.compare()
    flips, images = report["images"]["flips"], report["images"]["after"]
    net = len(flips["wrong_to_right"]) - len(flips["right_to_wrong"])
    accuracy = report["metrics"]["test.accuracy"]
    assert accuracy["difference"] == pytest.approx(net / images)
    for side in ("before", "after"):
        right = sum(report["confusion"][side][digit][digit] for digit in range(10))
        assert right / images == pytest.approx(accuracy[side])
        assert sum(digit["images"][side] for digit in report["digits"]) == images
    assert [len(report["cost"][side]) for side in ("before", "after")] == [300, 100]
    assert report["params"] == [{"key": "train.epochs", "before": 300, "after": 100}]
    assert all(flip["actual"] == flip["before"] for flip in flips["right_to_wrong"])
    assert all(flip["actual"] == flip["after"] for flip in flips["wrong_to_right"])


def test_two_commits_are_compared_as_the_working_copy_is(worse: Scratch, tmp_path: Path) -> None:
    data, page = tmp_path / "two.json", tmp_path / "two.md"
    files = ("--json", str(data), "--markdown", str(page))
    assert worse.digits("compare", "HEAD^..HEAD", *files).returncode == 1
    validate(data)
    assert "HEAD^" in page.read_text()
    assert (tmp_path / "two_files/flipped.png").exists()
    report, (_, here) = json.loads(data.read_text()), worse.compare("--baseline=HEAD^")
    assert report["current"] == here["current"] | {"chosen": "HEAD"}
    assert report | {"current": None} == here | {"current": None}


def test_pictures_come_from_the_source_or_are_said_to_be_missing(
    worse: Scratch, tmp_path: Path
) -> None:
    worse.digits("compare", "--markdown", str(tmp_path / "data.md"))
    clone = worse.clone(tmp_path / "clone")
    clone.digits("compare", "--markdown", str(tmp_path / "source.md"))
    sheets = [tmp_path / f"{name}_files/flipped.png" for name in ("data", "source")]
    assert sheets[0].read_bytes() == sheets[1].read_bytes()
    (clone.folder / "data/raw/small.csv").unlink()
    clone.digits("compare", "--baseline=HEAD^", "--markdown", str(tmp_path / "source.md"))
    assert "ingest.source data/raw/small.csv does not exist" in (tmp_path / "source.md").read_text()
    assert not sheets[1].exists()


def test_where_nothing_is_compared_the_files_say_so(worse: Scratch, tmp_path: Path) -> None:
    page, data = tmp_path / "report.md", tmp_path / "report.json"
    page.write_text("# Pass\n")
    files = ("--json", str(data), "--markdown", str(page))
    assert worse.digits("compare", "--baseline=nowhere", *files).returncode == 2
    assert page.read_text().startswith("# Could not compare\n\nunknown revision 'nowhere'")
    validate(data)


def test_a_report_replaces_no_device(worse: Scratch) -> None:
    done = worse.digits("compare", "--json", "/dev/null")
    assert done.returncode == 2
    assert done.stderr == "digits compare: cannot write /dev/null: it is no ordinary file\n"


def with_params(side: Results, params: dict[str, Any]) -> Results:
    record = side.record._replace(params=side.params | params)
    return dataclasses.replace(side, record=record)


@pytest.mark.parametrize(
    ("scales", "precision", "retrained", "warned"),
    [
        ((255.0, 255.0), "float32", False, False),
        ((255.0, 1.0), "float32", False, True),
        ((1, 255.0), "float64", False, True),
        ((64.0, 64.0), "float32", False, False),
        ((1.0, 1.0), "float32", True, False),
        ((1.0, 1.0), "reproducible", False, False),
    ],
)
def test_raw_pixels_carry_a_warning(
    scales: tuple[float, float], precision: str, retrained: bool, warned: bool, trained: Scratch
) -> None:
    side = results.load(Folder(trained.folder, "a side"))
    before, after = (
        with_params(side, {"encode.pixel_scale": scale, "train.precision": precision})
        for scale in scales
    )
    commit = Chosen("0" * 40, "HEAD")
    context = Context(commit, commit, retrained, has_changes=True)
    compared = compare(before, after, Gate(0.02, 0.01, 0.5), context)
    shown = "near raw pixels training is chaotic"
    assert (shown in text_report.render(compared)) is warned
    assert (shown in markdown_report.render(compared, "folder", "")) is warned


def test_a_project_may_be_a_folder_of_a_repository(trained: Scratch, tmp_path: Path) -> None:
    inside = tmp_path / "outer/inner"
    shutil.copytree(trained.folder, inside, ignore=shutil.ignore_patterns(".git", "cache"))
    outer = Scratch(tmp_path / "outer")
    outer.git("init", "--quiet", "--initial-branch=main")
    outer.commit("A project in a folder of a repository")
    code, _ = Scratch(inside).compare("--baseline", "HEAD")
    assert code == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a|b", "a\\|b"), ("<b>&", "&lt;b&gt;&amp;"), ("*x*_y_", "\\*x\\*\\_y\\_"), ("a\nb", "a b")],
)
def test_markdown_shows_text_as_it_is(text: str, shown: str) -> None:
    assert escape(text) == shown
