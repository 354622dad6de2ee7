"""A comparison as Markdown, with pictures in a folder beside it."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from stages.common.artifacts.reports import write_text
from stages.common.files import replacing
from stages.tools.compare import text_report
from stages.tools.compare.comparison import Comparison

_ESCAPED = str.maketrans(
    {mark: f"\\{mark}" for mark in "\\`*_[]|~"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


def write(path: Path, compared: Comparison) -> None:
    """Write the report to `path`, and its pictures to a folder named after it."""
    # Here, for matplotlib takes half a second to import.
    from stages.tools.compare import pictures

    folder = path.with_name(f"{path.stem}_files")
    drawn, remark = pictures.draw(compared)
    for name in pictures.NAMES:
        if name in drawn:
            with replacing(folder / f"{name}.png") as file:
                file.write(drawn[name])
        else:
            # One from an earlier comparison would be taken for this one's.
            (folder / f"{name}.png").unlink(missing_ok=True)
    write_text(path, render(compared, quote(folder.name), remark))


def write_fault(path: Path, reason: str) -> None:
    """Write a report that says why nothing could be compared."""
    write_text(path, f"# Could not compare\n\n{escape(reason)}\n")


def render(compared: Comparison, folder: str, remark: str) -> str:
    """Return the report; `folder` has the pictures, `remark` says why the last one is missing."""
    changed = text_report.params_rows(compared)
    warnings = [f"> **Warning:** {escape(warning)}.\n" for warning in compared.warnings]
    parts = [
        f"# {'Pass' if compared.verdict.passed else 'Worse'}\n",
        f"**{escape(compared.verdict.reason)}.**\n",
        "\n".join(f"- {escape(line)}" for line in text_report.headline(compared).splitlines()),
        "",
        *warnings,
        f"{text_report.flips_sentence(compared)} {text_report.test_sentence(compared)}\n",
        "## Params\n",
        _table(text_report.PARAMS_HEADER, changed) if changed else "None changed.\n",
        "## Metrics\n",
        _table(text_report.METRICS_HEADER, text_report.metrics_rows(compared)),
        "## Accuracy of each digit\n",
        _table(text_report.DIGITS_HEADER, text_report.digits_rows(compared)),
        *_pictures(folder, remark),
    ]
    return "\n".join(parts)


def _pictures(folder: str, remark: str) -> list[str]:
    """Return the parts of the report that show pictures, each on a line of its own."""
    sheet = f"![Images that flipped]({folder}/flipped.png)"
    return [
        "## Confusion matrices\n",
        f"![Confusion matrix before]({folder}/confusion_before.png)\n",
        f"![Confusion matrix after]({folder}/confusion_after.png)\n",
        "## Cost\n",
        f"![Cost before and after]({folder}/cost.png)\n",
        "## Images that flipped\n",
        f"{escape(remark) if remark else sheet}\n",
    ]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; all columns but the first to the right."""
    lines = [list(header), [":--", *["--:"] * (len(header) - 1)]]
    lines += [[escape(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return " ".join(text.translate(_ESCAPED).split())
