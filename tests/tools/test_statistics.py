"""The statistical tests, against numbers that come from elsewhere."""

from math import comb

import numpy as np
import pytest

from stages.common.artifacts.committed import Predicted
from stages.tools.compare import statistics


def predicted(rows: list[tuple[int, int, int]]) -> Predicted:
    columns = np.array(rows, np.int64).T
    return Predicted(*columns)


@pytest.mark.parametrize(("spoiled", "mended"), [(0, 1), (1, 9), (12, 5), (20, 20), (139, 19)])
def test_mcnemar_is_twice_the_tail_of_a_fair_coin(spoiled: int, mended: int) -> None:
    flips = spoiled + mended
    tail = sum(comb(flips, k) for k in range(min(spoiled, mended) + 1)) / 2**flips
    outcome = statistics.mcnemar(spoiled, mended)
    assert outcome.p_value == pytest.approx(min(1, 2 * tail), rel=1e-9)
    assert outcome.p_value == statistics.mcnemar(mended, spoiled).p_value


def test_no_flip_is_no_evidence() -> None:
    assert statistics.mcnemar(0, 0).p_value == 1.0


def test_proportions_of_a_table_worked_by_hand() -> None:
    # 3 of 4 right against 1 of 4: Fisher's tea-tasting table, two-sided p = 34/70.
    before = predicted([(0, 1, 1), (1, 2, 2), (2, 3, 3), (3, 4, 0)])
    after = predicted([(4, 1, 1), (5, 2, 0), (6, 3, 0), (7, 4, 0)])
    assert statistics.proportions(before, after).p_value == pytest.approx(34 / 70)


def test_flips_name_each_image_and_both_readings() -> None:
    before = predicted([(2, 5, 5), (4, 7, 1), (6, 3, 3), (9, 0, 0)])
    after = predicted([(2, 5, 6), (4, 7, 7), (6, 3, 3), (9, 0, 1)])
    spoiled, mended = statistics.flips(before, after)
    found = [
        [column.tolist() for column in (flip.row, flip.actual, flip.before, flip.after)]
        for flip in (spoiled, mended)
    ]
    assert found == [[[2, 9], [5, 0], [5, 0], [6, 1]], [[4], [7], [1], [7]]]


def test_images_are_the_same_only_with_the_same_labels() -> None:
    one = predicted([(0, 1, 1), (1, 2, 2)])
    assert statistics.same_images(one, predicted([(0, 1, 9), (1, 2, 9)]))
    assert not statistics.same_images(one, predicted([(0, 1, 1), (1, 3, 3)]))
    assert not statistics.same_images(one, predicted([(0, 1, 1), (2, 2, 2)]))
    assert not statistics.same_images(one, predicted([(0, 1, 1)]))
