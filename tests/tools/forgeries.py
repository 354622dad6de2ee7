"""What a commit can do to its record: each changes the tiny pipeline by hand."""

import hashlib

from tests.scratch import Scratch
from tests.tools.tiny import edit


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


LOCK, REPORT = "dvc.lock", "reports/metrics.txt"
WEIGHTS, OTHER = md5("digits\n" * 3), md5("DIGITS\n" * 3)


def edited_lock(project: Scratch) -> None:
    """Another hash of the weights where they are made, not where they are read."""
    made = f"- path: data/weights.txt\n      hash: md5\n      md5: {WEIGHTS}"
    text = (project.folder / LOCK).read_text()
    (project.folder / LOCK).write_text(text.replace(made, made.replace(WEIGHTS, OTHER), 1))


def edited_dep(project: Scratch) -> None:
    """Another hash of the weights where they are read, not where they are made."""
    read = f"- path: data/weights.txt\n      hash: md5\n      md5: {WEIGHTS}"
    text = (project.folder / LOCK).read_text()
    there = text.index(read, text.index("  second:"))
    (project.folder / LOCK).write_text(text[:there] + text[there:].replace(WEIGHTS, OTHER, 1))


def edited_to_zeros(project: Scratch) -> None:
    """A hash that YAML reads as a number."""
    edit(project, LOCK, md5("21"), "0" * 32)


def edited_lock_of_a_report(project: Scratch) -> None:
    edit(project, LOCK, md5("21"), md5("22"))


def edited_size(project: Scratch) -> None:
    edit(project, LOCK, "size: 256", "size: 257")


def edited_report(project: Scratch) -> None:
    edit(project, REPORT, "21", "22")


def edited_report_and_lock(project: Scratch) -> None:
    edited_report(project)
    edited_lock_of_a_report(project)


def extra_figure(project: Scratch) -> None:
    (project.folder / "reports/figures/two.txt").write_text("dig")


def removed_report(project: Scratch) -> None:
    (project.folder / REPORT).unlink()


def swapped_weights(project: Scratch) -> None:
    edit(project, LOCK, WEIGHTS, OTHER)


def result_of_another_machine(project: Scratch) -> None:
    """All that follows from other weights, in step."""
    swapped_weights(project)
    edited_report_and_lock(project)


def code_without_a_run(project: Scratch) -> None:
    edit(project, "second.py", "[:3]", "[:4]")


def remark_without_a_run(project: Scratch) -> None:
    edit(project, "first.py", "epochs =", "# A remark\nepochs =")


def command_without_a_run(project: Scratch) -> None:
    edit(project, "dvc.yaml", "python -S -m second", "python -m second")


def params_without_a_run(project: Scratch) -> None:
    edit(project, "params.yaml", "epochs: 3", "epochs: 4")


def source_without_a_run(project: Scratch) -> None:
    edit(project, "source.txt", "digits", "figures")


def stage_without_a_record(project: Scratch) -> None:
    text = (project.folder / LOCK).read_text()
    (project.folder / LOCK).write_text(text.partition("  second:")[0])
