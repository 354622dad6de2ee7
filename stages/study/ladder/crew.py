"""Work done by several processes side by side, told of as it goes.

A worker reads a task from its input, a line of JSON, and answers with lines of JSON: how much it
has done, and at last that it is done or why not. It ends when its input ends or nobody reads its
answers, so that none outlives the process that started it.
"""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, NamedTuple, cast

from stages.common import environment
from stages.common.errors import DigitsError

Task = dict[str, Any]


class News(NamedTuple):
    """What a worker says of the task with a number: a share done, or the end and what failed."""

    number: int
    did: float
    ended: bool
    fault: str | None


def serve(
    requests: Iterable[str], answers: IO[str], work: Callable[[Task, Callable[[float], None]], None]
) -> None:
    """Do the task of each line, and answer. Of a task that fails by a DigitsError, it says so."""

    def answer(content: dict[str, Any]) -> None:
        answers.write(json.dumps(content) + "\n")
        answers.flush()

    for line in requests:
        try:
            work(json.loads(line), lambda did: answer({"did": did}))
        except DigitsError as error:
            answer({"fault": str(error)})
        else:
            answer({"fault": None})


def carry_out(
    command: Sequence[str], tasks: Sequence[Task], processes: int
) -> Generator[News, None, None]:
    """Yield the news of all tasks, done by so many processes that run `python` with `command`.

    A worker that ends before its task is a fault of this task; the next has a new worker. When
    the caller asks for no more news, by a Ctrl-C say, the workers are ended.
    """
    crew = _Crew(command, tasks)
    threads = [Thread(target=crew.work) for _ in range(min(processes, len(tasks)))]
    for thread in threads:
        thread.start()
    try:
        working = len(threads)
        while working:
            one = crew.news.get()
            if one is None:
                working -= 1
            else:
                yield one
    finally:
        crew.left.clear()
        for thread in threads:
            while thread.is_alive():
                crew.end_workers()
                thread.join(0.1)


class _Crew:
    """Some threads, each of which sees to one worker.

    left: tasks with their numbers, of which each thread takes the next. news: what workers say,
    and a None at the end of each thread.
    """

    def __init__(self, command: Sequence[str], tasks: Sequence[Task]) -> None:
        """Start with all tasks left and no worker."""
        self.left = deque(enumerate(tasks))
        self.news: SimpleQueue[News | None] = SimpleQueue()
        self._command = command
        self._workers: list[subprocess.Popen[str]] = []

    def work(self) -> None:
        """Have a worker do one task after the other, until none is left."""
        worker = None
        while self.left:
            try:
                number, task = self.left.popleft()
            except IndexError:  # another thread was quicker
                break
            worker = worker or self._start()
            fault = self._ask(worker, number, task)
            self.news.put(News(number, 0.0, True, fault))
            if worker.poll() is not None:
                _closed(worker)
                worker = None
        if worker:
            worker.kill()
            _closed(worker)
        self.news.put(None)

    def end_workers(self) -> None:
        """End all workers, whatever they are at."""
        for worker in tuple(self._workers):
            worker.kill()

    def _start(self) -> "subprocess.Popen[str]":
        """Start a worker, which no Ctrl-C reaches: who started it ends it."""
        worker = subprocess.Popen(  # noqa: S603 - the command is our own
            [sys.executable, *self._command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=environment.own(),
            start_new_session=True,
        )
        self._workers.append(worker)
        return worker

    def _ask(self, worker: "subprocess.Popen[str]", number: int, task: Task) -> str | None:
        """Have a worker do a task; return what failed, if anything did."""
        asked, answers = cast("IO[str]", worker.stdin), cast("IO[str]", worker.stdout)
        try:
            asked.write(json.dumps(task) + "\n")
            asked.flush()
        except BrokenPipeError:
            pass  # it has ended: its answers end too
        for line in answers:
            said = json.loads(line)
            if "fault" in said:
                return None if said["fault"] is None else str(said["fault"])
            self.news.put(News(number, said["did"], False, None))
        return f"its process ended with code {worker.wait()}"


def _closed(worker: "subprocess.Popen[str]") -> None:
    """Wait for a worker's end, and close what led to it and from it."""
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        with suppress(BrokenPipeError):
            cast("IO[str]", pipe).close()
