import numpy as np

from stages.network.streams import AUGMENTATION, BATCHES, DROPOUT, stream


def test_a_stream_is_that_of_its_seed_purpose_and_epoch() -> None:
    expected = np.random.default_rng([5, 2, 7]).random(4)
    assert np.array_equal(stream(5, DROPOUT, 7).random(4), expected)


def test_no_two_purposes_seeds_or_epochs_share_a_stream() -> None:
    places = [
        (seed, purpose, epoch) for seed in (0, 1) for purpose in (1, 2, 3) for epoch in (1, 2)
    ]
    first = {float(stream(*place).random()) for place in places}
    assert len(first) == len(places)
    assert {BATCHES, DROPOUT, AUGMENTATION} == {1, 2, 3}
