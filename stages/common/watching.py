"""A training under way: shown on a terminal, kept in checkpoints, stopped where it is safe to."""

from collections.abc import Iterable

from tqdm import tqdm

from stages.common import interrupts
from stages.common.artifacts.checkpoint import Keeper, Progress


def watch(course: Iterable[Progress], start: Progress, epochs: int, keeper: Keeper) -> Progress:
    """Return the last progress of a training; show each on a terminal, and keep checkpoints.

    At a Ctrl-C it saves the progress, and raises KeyboardInterrupt with how far it came.
    """
    bar = tqdm(course, total=epochs, initial=start.epochs, desc="train", unit="epoch", disable=None)
    progress = start
    with bar, interrupts.noted() as stopping:
        for progress in bar:
            keeper.keep(progress)
            bar.set_postfix(cost=f"{progress.course['cost'][-1]:.4f}", refresh=False)
            if stopping() and progress.epochs < epochs:
                keeper.save(progress)
                raise KeyboardInterrupt(
                    f"stopped after epoch {progress.epochs} of {epochs}; run again to go on"
                )
    return progress
