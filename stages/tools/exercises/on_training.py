"""The exercises on what training came to."""

import numpy as np
import numpy.typing as npt

from stages.tools.exercises.feedback import Floats, HintError, exercise, numbers

_NEAR = 0.0006  # how far a share that is typed in may be from the true one


@exercise
def epoch_below(answer: object, costs: Floats, bound: float) -> str:
    """Check the number of the first epoch whose cost is below a bound; costs: (epochs,)."""
    found = float(numbers(answer, (), "the number of an epoch"))
    first = int(np.argmax(costs < bound)) + 1
    if found == first:
        return (
            f"of {len(costs)} epochs {first} are enough for that, and the others bring the cost "
            f"to {costs[-1]:.2f}: most is learned early."
        )
    if found == first - 1:
        raise HintError("counted from 0? The first epoch is number 1.")
    if found not in range(1, len(costs) + 1):
        raise HintError(f"expected a whole number from 1 to {len(costs)}; yours is {found:g}.")
    cost = costs[int(found) - 1]
    more = "still above" if cost >= bound else "below, but not the first"
    raise HintError(f"in epoch {found:g} the cost is {cost:.3f}: {more}.")


@exercise
def frequent_mistake(answer: object, confusion: npt.NDArray[np.int64]) -> str:
    """Check the most frequent mistake, (true, predicted); confusion: (actual, predicted)."""
    pair = numbers(answer, (2,), "two digits: the true one, and what it is read as")
    if not set(pair.tolist()) <= set(range(10)):
        raise HintError("expected two digits from 0 to 9.")
    actual, predicted = pair.astype(int).tolist()
    mistakes = confusion - np.diag(confusion.diagonal())
    times, most = mistakes[actual, predicted], mistakes.max()
    if actual == predicted:
        raise HintError(f"a {actual} that is read as {predicted} is no mistake.")
    if times == most:
        return f"{most} of {confusion[actual].sum()} images of {actual} are read as {predicted}."
    if mistakes[predicted, actual] == most:
        raise HintError("the other way round: rows are true digits, columns what is read.")
    raise HintError(f"{actual} is read as {predicted} {times} times; another mistake is made more.")


@exercise
def flat_share(answer: object, slopes: Floats) -> str:
    """Check the share of slopes (units, n) that are 0."""
    found = float(numbers(answer, (), "a share from 0 to 1"))
    share = float(np.mean(slopes == 0))
    if abs(found - share) < _NEAR:
        return (
            f"{share:.0%} of the first layer's errors are multiplied by 0, and teach nothing. "
            "One division by 255 is all that it takes."
        )
    hints = {
        1 - share: "that is the share that still learns.",
        100 * share: "that is in per cent; expected a share from 0 to 1.",
        float(np.sum(slopes == 0)): "that is how many they are; divide by how many there are.",
        float(np.mean(slopes)): "that is the mean slope. How many are exactly 0?",
    }
    for wrong, hint in hints.items():
        if abs(found - wrong) < _NEAR * max(1, abs(wrong)):
            raise HintError(hint)
    raise HintError("compare all slopes with 0, and take the mean: True counts as 1.")
