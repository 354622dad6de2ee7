import numpy as np

from stages.network.streams import AUGMENTATION, BATCHES, DROPOUT, stream


def test_a_stream_is_that_of_its_seed_purpose_and_place() -> None:
    expected = np.random.default_rng([5, 1, 7]).random(4)
    assert np.array_equal(stream(5, BATCHES, 7).random(4), expected)
    expected = np.random.default_rng([5, 2, 7, 0]).random(4)
    assert np.array_equal(stream(5, DROPOUT, 7, 0).random(4), expected)


def test_no_two_purposes_seeds_epochs_or_steps_share_a_stream() -> None:
    places = [
        (seed, purpose, epoch) for seed in (0, 1) for purpose in (1, 2, 3) for epoch in (1, 2)
    ]
    first = {float(stream(*place, *step).random()) for place in places for step in [(), (0,), (1,)]}
    # A trailing 0 is no place of its own: a purpose either has steps or it has none.
    assert len(first) == 2 * len(places)
    assert {BATCHES, DROPOUT, AUGMENTATION} == {1, 2, 3}
