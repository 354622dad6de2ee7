"""Write the study's texts from its results: its README.md, and its part of the project's.

In: reports/reproduction/*.json, and the two texts in reports/reproduction/texts/, where a
{name[key][key]:format} stands for a number. Out: reports/reproduction/README.md; in README.md
what stands between its two lines `<!-- reproduction -->` and `<!-- /reproduction -->`, if it has
them. With the same results the texts stay as they are, to the byte.
"""

import json
from pathlib import Path
from typing import Any

from stages.common.artifacts.reports import write_text
from stages.common.command import run_stage
from stages.common.errors import DigitsError, refuse_conflict
from stages.study.conclusion import expected_inside, verdict
from stages.study.reporting import FOLDER
from stages.study.settings import load
from stages.study.wording import Words, fill, state_of

SOURCES = FOLDER / "texts"
CHAPTER = FOLDER / "README.md"
MAIN = Path("README.md")
BEGIN, END = "<!-- reproduction -->\n", "<!-- /reproduction -->\n"

_RESULTS = ("summary", "why", "loop", "run")


def results() -> dict[str, Any]:
    """Return all that the texts may speak of, by name; raises DigitsError where it is missing."""
    found: dict[str, Any] = {"params": load()}
    for name in _RESULTS:
        path = FOLDER / f"{name}.json"
        try:
            text = path.read_text(encoding="utf-8")
            refuse_conflict(text, path)
            found[name] = json.loads(text)
        except (OSError, ValueError) as error:
            advice = "git checkout brings it back, and `make study` makes it"
            raise DigitsError(f"cannot use {path}: {error}. {advice}") from error
    return found | derived(found)


def derived(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the texts say that follows from the results."""
    summary, why, params = found["summary"], found["why"], found["params"]
    last, units = f"epoch_{params['train']['epochs']}", params["initialize"]["layers"][1]
    first = {name: why[name]["first_layer"]["epoch_0"] for name in why}
    test = {name: summary[name]["test_accuracy"]["mean"] for name in why}
    return {
        "was": state_of(found["run"]),
        "verdict": "The " + verdict(summary).removeprefix("So the "),
        "rises": {name: span(summary[name]["cost_rises"]) for name in why},
        "expected_inside": expected_inside(summary["raw"]["runs"]),
        "first": first,
        "last": {name: why[name]["first_layer"][last] for name in why},
        "units": units,
        "saturated_units": units * first["raw"]["saturated"],
        "rates": rates_table(why),
        "gain": test["scaled"] - test["raw"],
    }


def span(ends: dict[str, int]) -> str:
    """Return two whole numbers as a range, or as one if they are the same."""
    return "–".join(map(str, sorted(set(ends.values()))))


def rates_table(why: dict[str, Any]) -> str:
    """Return the rows of the table of learning rates, in Markdown."""
    row = "{test_accuracy:.2%} | {cost_rises:.0f} | {saturated:.1%}"
    both = zip(*(why[name]["learning_rates"].items() for name in ("raw", "scaled")), strict=True)
    return "\n".join(
        f"| {rate} | {Words().format(row, **raw)} | {Words().format(row, **scaled)} |"
        for (rate, raw), (_, scaled) in both
    )


def chapter(found: dict[str, Any]) -> str:
    """Return the study's README.md."""
    return fill((SOURCES / "chapter.md").read_text(encoding="utf-8"), found)


def replaced(readme: str, found: dict[str, Any]) -> str:
    """Return the project's README.md with the study's part as it should be, where it has one."""
    if BEGIN not in readme:
        return readme
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise DigitsError(f"{MAIN} has a line {BEGIN.strip()}, but none {END.strip()}")
    part = fill((SOURCES / "section.md").read_text(encoding="utf-8"), found)
    return before + BEGIN + part + END + after


def main() -> None:
    """Write both texts."""
    found = results()
    write_text(CHAPTER, chapter(found))
    write_text(MAIN, replaced(MAIN.read_text(encoding="utf-8"), found))


if __name__ == "__main__":
    run_stage(main, __doc__)
