"""A training under way: shown on a terminal, kept in checkpoints, stopped where it is safe to."""

from collections.abc import Generator
from contextlib import closing

from tqdm import tqdm

from stages.common import interrupts
from stages.common.artifacts.checkpoint import Keeper, Progress
from stages.common.errors import DigitsError
from stages.common.interrupts import Stop


def watch(
    course: Generator[Progress, None, None], start: Progress, epochs: int, keeper: Keeper
) -> Progress:
    """Return the last progress of a training; show each on a terminal, and keep checkpoints.

    At a Ctrl-C or a SIGTERM it saves the progress, and raises KeyboardInterrupt or Terminated with
    how far it came; it saves it too where the course raises DigitsError, which a stop may be the
    reason of. The course is closed: left to the end of its life, a second Ctrl-C in its closing
    would be lost.
    """
    bar = tqdm(total=epochs, initial=start.epochs, desc="train", unit="epoch", disable=None)
    progress = start
    with closing(course), bar, interrupts.noted() as stopping:
        try:
            for progress in course:
                keeper.keep(progress)
                bar.set_postfix(cost=f"{progress.course['cost'][-1]:.4f}", refresh=False)
                bar.update()
                if (stop := stopping()) and progress.epochs < epochs:
                    keeper.save(progress)
                    raise _stopped(stop, progress, epochs)
        except DigitsError:
            if progress is not start:
                keeper.save(progress)
            if stop := stopping():
                raise _stopped(stop, progress, epochs) from None
            raise
    return progress


def _stopped(stop: Stop, progress: Progress, epochs: int) -> KeyboardInterrupt:
    """Return a stop that says how far training came."""
    return stop(f"stopped after epoch {progress.epochs} of {epochs}; run again to go on")
