"""No artifact depends on how a library rounds: what may, is listed here with its reason."""

from collections import Counter

import pytest

from tests.pipeline.arithmetic import uses, uses_in
from tests.pipeline.declared import STAGES
from tests.pipeline.imports import closure

MODULES = sorted(set[str]().union(*(closure(f"stages.{stage}") for stage in STAGES)))

_WHOLE = "whole numbers"
_TOLD = "told on the terminal alone"
_FLOAT = "float32 and float64, whose bytes are one machine's"
_EXACT = "whole numbers of one unit, of which float64 rounds no sum: tests/network/test_bounds.py"
_SHORT = "whole numbers of one unit, of which float32 rounds no sum: deformations.py"

# By file, place and operation: how often it stands there, and why it may.
ALLOWED: dict[str, dict[tuple[str, str], tuple[int, str]]] = {
    "stages/cluster/asked.py": {("", "**"): (2, _WHOLE)},
    "stages/cluster/balance.py": {
        ("dealt", "sum"): (2, "says who keeps what, which changes no sum"),
        ("_time", "sum"): (1, _WHOLE),
    },
    "stages/cluster/epochs.py": {("DrawnEpoch.masks", "sum"): (1, _WHOLE)},
    "stages/cluster/gang.py": {("Gang.threads", "sum"): (1, _WHOLE)},
    "stages/cluster/rows_here.py": {
        ("RowsHere.batch", "sum"): (1, _WHOLE),
        ("_joined", "argsort"): (1, "whole numbers, none twice"),
    },
    "stages/common/artifacts/encoded.py": {
        ("_wrong_values", "sum"): (1, _WHOLE),
    },
    "stages/common/artifacts/npz.py": {
        ("write", "sum"): (1, _WHOLE),
        ("_size", "prod"): (1, _WHOLE),
        ("_stored", "prod"): (1, _WHOLE),
        ("_stored", "sum"): (1, _WHOLE),
    },
    "stages/common/fingerprints.py": {("shared", "sum"): (1, _WHOLE)},
    "stages/common/mapped.py": {("Arrays.empty", "prod"): (1, _WHOLE)},
    "stages/common/reordering.py": {("unshelved", "sum"): (1, _WHOLE)},
    "stages/common/repeated.py": {("repeated", "sort"): (1, _WHOLE)},
    "stages/encode.py": {("_averaged", "@"): (2, _WHOLE), ("main", "sum"): (1, _WHOLE)},
    "stages/export.py": {("main", "sum"): (1, _WHOLE)},
    "stages/figures/confusion.py": {("_steps", "sum"): (1, _WHOLE)},
    "stages/figures/per_class.py": {("draw", "sum"): (2, _WHOLE)},
    "stages/plot.py": {("main", "sum"): (1, _WHOLE)},
    "stages/network/activations.py": {
        ("sigmoid", "tanh"): (1, _FLOAT),
        ("tanh", "tanh"): (1, _FLOAT),
        ("softmax", "exp"): (1, _FLOAT),
        ("softmax", "sum"): (1, _FLOAT),
    },
    "stages/network/compact.py": {
        ("Chunk.__init__", "cumsum"): (1, _WHOLE),
        ("Chunk.nbytes", "sum"): (1, _WHOLE),
        ("CompactMatrix.__rmatmul__", "matmul"): (1, _EXACT),
        ("Scratch.array", "prod"): (1, _WHOLE),
        ("Transposed.__rmatmul__", "matmul"): (1, _EXACT),
    },
    "stages/network/batches.py": {("Whole.__init__", "sum"): (1, _WHOLE)},
    "stages/network/deformations.py": {("Deformations.places", "@"): (1, _SHORT)},
    "stages/network/dense.py": {
        ("DenseLayer.set_gradient", "matmul"): (1, _FLOAT),
        ("DenseLayer.set_gradient", "sum"): (1, _FLOAT),
        ("DenseLayer.error_below", "@"): (1, _FLOAT),
        ("_product", "@"): (2, _FLOAT),
    },
    "stages/network/descent.py": {("_calm", "vdot"): (1, "asks whether to look closer")},
    "stages/network/dropout.py": {
        ("masks", "sum"): (1, _WHOLE),
        ("_later", "sum"): (1, _WHOLE),
    },
    "stages/network/exact.py": {
        ("holds", "sum"): (1, _WHOLE),
        ("ExactNetwork.cross_entropy", "sum"): (1, _WHOLE),
        ("_units", "sum"): (1, _EXACT),
    },
    "stages/network/exact_layers.py": {
        ("sum_of_pieces", "@"): (2, _EXACT),
        ("FirstLayer.affine", "@"): (1, _EXACT),
        ("ArrayLayer.affine", "matmul"): (1, _EXACT),
        ("FirstLayer.largest", "sum"): (1, _EXACT),
        ("FirstLayer.gradient", "@"): (1, _EXACT),
        ("UpperLayer.largest", "sum"): (1, _EXACT),
        ("UpperLayer.gradient", "@"): (2, _EXACT),
        ("UpperLayer.gradient", "sum"): (1, _WHOLE),
    },
    "stages/network/floating.py": {
        ("FloatLayer.affine", "@"): (1, _FLOAT),
        ("FloatLayer.gradient", "@"): (1, _FLOAT),
        ("FloatLayer.error_below", "@"): (1, _FLOAT),
        ("FloatFunctions.cross_entropy", "log"): (1, _FLOAT),
        ("FloatFunctions.cross_entropy", "sum"): (1, _FLOAT),
    },
    "stages/network/health.py": {
        ("baseline", "log"): (1, _TOLD),
        ("baseline", "sum"): (2, _TOLD),
        ("ailments", "sum"): (2, _WHOLE),
        ("ailments", "trace"): (1, _WHOLE),
    },
    "stages/network/ieee.py": {("_multiplies", "@"): (2, "asks whether it is exact")},
    "stages/network/judging.py": {("Judgement.accuracy", "trace"): (1, _WHOLE)},
    "stages/network/packing.py": {("packed_shape", "sum"): (1, _WHOLE)},
    "stages/network/processes.py": {("_shared", "prod"): (1, _WHOLE)},
    "stages/network/parameters.py": {("count", "sum"): (1, _WHOLE)},
    "stages/network/partition.py": {
        ("_similar", "sum"): (2, _WHOLE),
        ("in_pieces", "sum"): (1, _WHOLE),
        ("_images", "sum"): (1, _WHOLE),
    },
    "stages/network/validation.py": {("judged", "sum"): (3, _WHOLE)},
    "stages/network/scores.py": {("class_scores", "sum"): (2, _WHOLE)},
    "stages/sources/arrays.py": {("Array.size", "prod"): (1, _WHOLE), ("read", "sum"): (1, _WHOLE)},
    "stages/sources/idx_folder.py": {
        ("_size", "prod"): (1, _WHOLE),
        ("read_files", "sum"): (1, _WHOLE),
    },
    "stages/sources/image_column.py": {("_flattened", "prod"): (1, _WHOLE)},
    "stages/sources/seen.py": {("_border", "sum"): (2, _WHOLE)},
    "stages/train.py": {("_told", "sum"): (1, _WHOLE)},
    "stages/split.py": {
        ("_wanted", "sum"): (1, _WHOLE),
        ("put_aside", "sum"): (1, _WHOLE),
        ("put_aside", "cumsum"): (1, _WHOLE),
        ("main", "sum"): (1, _WHOLE),
    },
}


@pytest.mark.parametrize("module", MODULES)
def test_only_what_is_listed_may_round_as_a_library_does(module: str) -> None:
    listed = {use: count for use, (count, _) in ALLOWED.get(module, {}).items()}
    assert uses_in(module) == Counter(listed), (
        "see tests/pipeline/arithmetic.py: in the path of an artifact, compute with + - * /, "
        "square roots and whole numbers, or in stages/network/elementary.py; list it with its "
        "reason where its result is in no artifact"
    )


def test_nothing_is_listed_that_is_not_there() -> None:
    assert set(ALLOWED) <= set(MODULES)


FOUND = {
    "np.exp(x)": "exp",
    "from numpy import exp": "import numpy.exp",
    "from numpy import exp as e": "import numpy.exp",
    "import numpy.linalg as la": "import numpy.linalg",
    "from stages.network.elementary import exp": "",
    "math.log(x)": "log",
    "map(np.tanh, x)": "tanh",
    "x.mean()": "mean",
    "x.sum(axis=0)": "sum",
    "sum(costs)": "sum",
    "np.add.reduce(x)": "reduce",
    "frame.cost.std()": "std",
    "x.dot(y)": "dot",
    "W @ A": "@",
    "W @= A": "@",
    "x ** 0.5": "**",
    "x **= 2": "**",
    "2.0**n": "",
    "np.power(x, 2)": "power",
    "pow(x, 0.5)": "pow",
    "rng.normal(size=3)": "normal",
    "rng.standard_normal(3)": "standard_normal",
    "np.linalg.norm(x)": "linalg",
    "from scipy import special": "import scipy.special",
    "import scipy.special": "import scipy.special",
    "import statistics": "import statistics",
    "np.argsort(x)": "argsort",
    "x.argsort(kind='quicksort')": "argsort",
    "x.sort()": "sort",
    "np.argsort(x, kind='stable')": "",
    "sorted(x)": "",
    "names.sort(key=len)": "",
    "rng.uniform(0, 3)": "uniform",
    "from matplotlib.colors import PowerNorm": "import matplotlib.colors.PowerNorm",
    "np.sqrt(x) / 3 + y * 2 - 1": "",
    "rng.random(3), rng.permutation(5)": "",
    "def mean(): ...": "",
}


@pytest.mark.parametrize("code", FOUND)
def test_what_is_found(code: str) -> None:
    assert uses(code) == Counter({("", FOUND[code]): 1} if FOUND[code] else {})


def test_a_use_is_told_with_its_place() -> None:
    code = "class A:\n def f(self):\n  return x.sum() + x.sum()\nx.sum()"
    assert uses(code) == Counter({("A.f", "sum"): 2, ("", "sum"): 1})
