"""Work done side by side: told of as it goes, whatever becomes of a worker."""

import io
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.common.errors import DigitsError
from stages.study.ladder import crew
from stages.study.ladder.crew import News, Task

# A worker that does what its task says; it needs no more of Python than it takes to start.
_WORKER = """\
import json, os, sys, time
for line in sys.stdin:
    task = json.loads(line)
    if task.get("die"):
        os._exit(3)
    print(json.dumps({"did": 0.5}), flush=True)
    if "pid" in task:
        with open(task["pid"], "w") as file: file.write(str(os.getpid()))
        time.sleep(task["sleep"])
    print(json.dumps({"fault": task.get("fault")}), flush=True)
"""
COMMAND = ("-I", "-S", "-c", _WORKER)


def ends(news: list[News]) -> dict[int, str | None]:
    return {one.number: one.fault for one in news if one.ended}


def test_every_task_is_done_and_told_of() -> None:
    news = list(crew.carry_out(COMMAND, [{}] * 5, 2))
    assert ends(news) == dict.fromkeys(range(5))
    assert [one.did for one in news if not one.ended] == [0.5] * 5


def test_a_task_that_fails_is_told_and_the_others_are_done() -> None:
    assert ends(list(crew.carry_out(COMMAND, [{}, {"fault": "too large"}, {}], 1))) == {
        0: None, 1: "too large", 2: None,
    }  # fmt: skip


def test_a_worker_that_dies_is_told_and_the_next_task_has_another() -> None:
    assert ends(list(crew.carry_out(COMMAND, [{}, {"die": True}, {}], 1))) == {
        0: None, 1: "its process ended with code 3", 2: None,
    }  # fmt: skip


def test_no_task_needs_no_worker() -> None:
    assert list(crew.carry_out(COMMAND, [], 2)) == []


def test_who_asks_no_more_ends_the_workers(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    course = crew.carry_out(COMMAND, [{"pid": str(path), "sleep": 600}], 1)
    assert next(course).did == 0.5
    while not (path.exists() and path.read_text(encoding="utf-8")):
        time.sleep(0.01)
    began = time.monotonic()
    course.close()
    assert time.monotonic() - began < 60
    with pytest.raises(ProcessLookupError):
        os.kill(int(path.read_text(encoding="utf-8")), signal.SIG_DFL)


def serve(lines: list[str], work: Callable[[Task, Callable[[float], None]], None]) -> list[Task]:
    answers = io.StringIO()
    crew.serve(lines, answers, work)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_a_worker_answers_line_by_line() -> None:
    done: list[Task] = []

    def work(task: Task, tell: Callable[[float], None]) -> None:
        tell(0.25)
        if task["number"] == 2:
            raise DigitsError("diverged")
        done.append(task)

    lines = [json.dumps({"number": number}) for number in (1, 2, 3)]
    assert serve(lines, work) == [
        {"did": 0.25}, {"fault": None}, {"did": 0.25}, {"fault": "diverged"}, {"did": 0.25},
        {"fault": None},
    ]  # fmt: skip
    assert [task["number"] for task in done] == [1, 3]


def test_a_worker_whose_answers_nobody_reads_ends() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(BrokenPipeError), os.fdopen(writer, "w") as answers:
        crew.serve(["{}"], answers, lambda _task, tell: tell(0.5))
