"""Train the top of the ladder on the repository's own digits: does it still read as many?

In: data/raw/mnist-5k.csv.gz, reports/ladder/params.yaml and chosen.json. Out: nothing; it ends with
1 where the accuracy on the digits that did not train is below the floor: where one more seed of
those whose accuracies the params hold would lie with a probability of half a per cent. Where they
hold none, it measures ten.
"""

from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from stages.common.artifacts.digits import Digits, part_of
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.ingest import read_source
from stages.split import choose, order_of
from stages.study.ladder import chosen, ladder_params, plan, pupil
from stages.study.ladder.intervals import spread
from stages.study.ladder.plan import Values
from stages.study.ladder.pools import Rows

SOURCE = Path("data/raw/mnist-5k.csv.gz")

_SEEDS = 10


def rows_of(source: Path, train_rows: int) -> Rows:
    """Return the source's digits that train, and all others, as the pipeline's default has them."""
    found = read_source(source)
    n = len(found.label)
    whole = Digits(np.arange(n, dtype=np.int32), found.label, found.pixels)
    train, _, rest = choose(n, train_rows, 0, None, order_of(n, shuffle=True, seed=0))
    return Rows(part_of(whole, train), part_of(whole, rest))


def values_of(content: dict[str, Any]) -> Values:
    """Return the top's values, with those that the params set for this one."""
    own: Values = content["ladder"]["rung"]["set"]
    return plan.resolved(plan.named(content, plan.TOP).values | own, chosen.read())


def accuracy(values: Values, seed: int, rows: Rows) -> float:
    """Return the share of the digits that did not train which the network reads right."""
    return float(pupil.carry_out(values, seed, rows, None, lambda: None).scores[2])


def refuse_below(found: float, accuracies: list[float]) -> float:
    """Return the floor that seeds' accuracies give; raises DigitsError for less than it."""
    floor = spread(accuracies).next_low
    if floor is None or found < floor:
        raise DigitsError(
            f"the top reads {found:.2%} of the repository's digits; expected at least {floor:.2%}, "
            f"by the {len(accuracies)} seeds in {plan.PARAMS_FILE}"
        )
    return floor


def main() -> None:
    """Train it."""
    content = ladder_params.load()
    how = content["ladder"]["rung"]
    values, rows = values_of(content), rows_of(SOURCE, how["train_rows"])
    with threadpool_limits(1, "blas"):
        if not how["accuracies"]:
            print([round(accuracy(values, seed, rows), 5) for seed in range(_SEEDS)])
            return
        found = accuracy(values, 0, rows)
    floor = refuse_below(found, how["accuracies"])
    print(
        f"the top reads {found:.2%} of the repository's digits; at least {floor:.2%} was expected"
    )


if __name__ == "__main__":
    run_stage(main, __doc__)
