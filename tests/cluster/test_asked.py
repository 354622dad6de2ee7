"""What the environment may ask for, and one line for what it may not."""

import os
import sys

import pytest

from stages.cluster.asked import Asked, asked
from stages.common.errors import DigitsError
from tests.processes import run

TCP = {"DIGITS_CLUSTER": "tcp://scheduler:8786", "DIGITS_CLUSTER_DATA": "s3://bucket/digits"}


def test_workers_here_need_no_address_of_data() -> None:
    assert asked({"DIGITS_CLUSTER": "local:3"}, exact=True) == Asked(3, "local:3", "", None, 60)


def test_a_scheduler_s_address_comes_with_one_of_data() -> None:
    assert asked(TCP | {"DIGITS_CLUSTER_ROWS": "500", "DIGITS_CLUSTER_WAIT": "7"}, exact=True) == (
        Asked(None, "tcp://scheduler:8786", "s3://bucket/digits", 500, 7)
    )


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (
            {"DIGITS_CLUSTER": "local:0"},
            "DIGITS_CLUSTER is 'local:0'; expected local:N with N from 1",
        ),
        ({"DIGITS_CLUSTER": "local:"}, "DIGITS_CLUSTER is 'local:'; expected local:N"),
        ({"DIGITS_CLUSTER": "local:²"}, "expected local:N"),
        ({"DIGITS_CLUSTER": "local"}, "DIGITS_CLUSTER is 'local'; expected local:N for N worker"),
        ({"DIGITS_CLUSTER": "tcp://scheduler"}, "expected local:N for N worker processes here, or"),
        ({"DIGITS_CLUSTER": "http://a:1"}, "expected local:N for N worker processes here, or"),
        ({"DIGITS_CLUSTER": "tls://a:1"}, "DIGITS_CLUSTER_DATA is not set, and DIGITS_CLUSTER is"),
        (TCP | {"DIGITS_CLUSTER_ROWS": "0"}, "DIGITS_CLUSTER_ROWS is '0'; expected a whole number"),
        (TCP | {"DIGITS_CLUSTER_WAIT": "1.5"}, "DIGITS_CLUSTER_WAIT is '1.5'; expected a whole"),
    ],
)
def test_nonsense_is_told_in_a_line(environment: dict[str, str], told: str) -> None:
    with pytest.raises(DigitsError, match=r"DIGITS_CLUSTER") as caught:
        asked(environment, exact=True)
    assert told in str(caught.value)


def test_pieces_that_decide_the_last_bits_have_their_size() -> None:
    with pytest.raises(DigitsError, match="DIGITS_CLUSTER_ROWS is 500; in float32 and float64"):
        asked(TCP | {"DIGITS_CLUSTER_ROWS": "500"}, exact=False)


def test_what_is_not_installed_is_told_with_the_command_that_installs_it() -> None:
    code = """
import sys
sys.modules["distributed"] = None
from stages.train import elsewhere_of
elsewhere_of({}, None, None)
"""
    done = run([sys.executable, "-c", code], env=os.environ | {"DIGITS_CLUSTER": "local:2"})
    assert "DIGITS_CLUSTER is set, and distributed is not installed: make cluster" in done.stderr
