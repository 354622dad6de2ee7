"""Who may work on a training: the scheduler and workers that are as this process is."""

import warnings
from collections.abc import Iterator

import pytest
from distributed.versions import VersionMismatchWarning

from stages.cluster import rollcall, share
from stages.cluster.connecting import connected
from stages.common.errors import DigitsError
from tests.cluster.clusters import at, cluster, distributed

NEEDED = share.__name__


@pytest.fixture(scope="module")
def client() -> Iterator["distributed.Client"]:
    with cluster(1) as address, connected(at(address, "")) as client:
        yield client


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("python", "Python"),
        ("numpy", "NumPy"),
        ("dask", "Dask"),
        ("code", "the project's code with fingerprint"),
    ],
)
def test_what_must_be_the_same(field: str, name: str) -> None:
    ours = rollcall.identity()
    said = ours._replace(**{field: "1.2"})
    told = f"it has {name} 1.2; expected {getattr(ours, field)}, as here"
    assert rollcall._refusal(ours, said, exact=False) == told


@pytest.mark.parametrize(
    ("exact", "words"),
    [(True, "its processor does not compute by IEEE 754: sums round twice"), (False, "")],
)
def test_ieee_754_is_asked_for_where_it_matters(exact: bool, words: str) -> None:
    ours = rollcall.identity()
    said = ours._replace(fault="sums round twice")
    assert rollcall._refusal(ours, said, exact) == words


def test_who_is_the_same_is_not_refused(client: "distributed.Client") -> None:
    there = client.nthreads()
    assert rollcall.refusals(client, there, True, NEEDED) == dict.fromkeys(there, "")
    rollcall.refuse(client, there, True, NEEDED)


def test_one_that_lacks_what_the_work_imports(client: "distributed.Client") -> None:
    (reason,) = rollcall.refusals(client, client.nthreads(), True, "no_such").values()
    assert reason.startswith("it cannot import this project's code (No module named 'no_such'); ")
    with pytest.raises(DigitsError, match="the scheduler of DIGITS_CLUSTER cannot be used: it can"):
        rollcall.refuse(client, (), True, "no_such")


def test_a_worker_that_comes_while_tasks_are_done_refuses_them(
    client: "distributed.Client",
) -> None:
    ours = rollcall.identity()
    client.submit(rollcall.require, ours).result()
    asked = client.submit(rollcall.require, ours._replace(numpy="1.2"))
    with pytest.raises(DigitsError, match=r"worker at tcp:.* cannot train here: it has NumPy"):
        asked.result()


def test_other_versions_are_told_of_once_and_not_by_dask() -> None:
    with cluster(0) as address, connected(at(address, "")):
        warnings.warn(VersionMismatchWarning("a table of ten lines"), stacklevel=1)
