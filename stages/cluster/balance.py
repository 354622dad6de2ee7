"""Which worker keeps which pieces: as many rows as its speed bears, moved as seldom as can be."""

from collections.abc import Mapping, Sequence

Dealt = dict[str, list[int]]


def dealt(
    kept: Mapping[str, Sequence[int]], rows: Sequence[int], speed: Mapping[str, float]
) -> Dealt:
    """Return the pieces that each worker is to keep, by their numbers, in order.

    kept: what each keeps by now, if anything. rows: of each piece. speed: of the workers, to each
    other. Who has more than its part gives up pieces; these and those that nobody keeps go, the
    largest first, to who is done with all its rows first.
    """
    after: Dealt = {worker: [] for worker in speed}
    part = sum(rows) / sum(speed.values())
    for worker in after:
        for number in kept.get(worker, ()):
            if _time(after[worker], number, rows, speed[worker]) <= part + _slack(
                rows, speed[worker]
            ):
                after[worker].append(number)
    taken = {number for numbers in after.values() for number in numbers}
    left = [number for number in range(len(rows)) if number not in taken]
    for number in sorted(left, key=lambda number: -rows[number]):
        first = min(after, key=lambda worker: _time(after[worker], number, rows, speed[worker]))
        after[first].append(number)
    return {worker: sorted(numbers) for worker, numbers in after.items()}


def _time(numbers: Sequence[int], more: int, rows: Sequence[int], speed: float) -> float:
    """Return how long a worker of some speed takes for its pieces and one more."""
    return sum(rows[number] for number in (*numbers, more)) / speed


def _slack(rows: Sequence[int], speed: float) -> float:
    """Return by how much a worker may be over its part: as long as half a piece takes it."""
    return max(rows) / speed / 2
