import gc
import itertools
from collections.abc import Iterator

import pytest

_TESTS_BETWEEN = 100
_tests = itertools.count(1)

# CPython up to 3.11.8 raises SystemError ("AST constructor recursion depth mismatch", known as
# gh-106905) where the garbage collector happens to run Python code that parses, such as pytest's
# report of an exception in a destructor, while a literal is parsed: NumPy does so for each array
# that it reads. So the collector runs between tests only.
gc.disable()


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    if next(_tests) % _TESTS_BETWEEN == 0:
        gc.collect()
