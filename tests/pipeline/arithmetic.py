"""Where the code computes with what a library rounds as it likes, read from the source.

IEEE 754 fixes + - * /, square roots, comparisons and rounding: those are the same everywhere.
Other functions, and every sum of several numbers, are a library's own: it rounds by processor.
"""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.scratch import ROOT

_CURVES = {
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2"),
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "sinc", "cbrt", "hypot", "dist", "pow", "power"),
    *("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh", "float_power", "erf", "erfc"),
    *("arcsin", "arccos", "arctan", "arctan2", "arcsinh", "arccosh", "arctanh", "gamma", "lgamma"),
    *("expit", "logit", "logsumexp", "geomspace", "logspace", "PowerNorm"),
    *("LogNorm", "SymLogNorm", "AsinhNorm", "LogLocator"),
}
_SUMS = {
    *("sum", "nansum", "mean", "nanmean", "average", "fmean", "std", "nanstd", "stdev", "var"),
    *(
        "nanvar",
        "variance",
        "prod",
        "nanprod",
        "cumsum",
        "cumprod",
        "nancumsum",
        "cumulative_sum",
        "cumulative_prod",
        "reduce",
        "reduceat",
    ),
    *("accumulate", "trace", "trapezoid", "cov", "corrcoef", "convolve", "correlate", "sumprod"),
    *(
        "describe",
        "corr",
        "sem",
        "skew",
        "kurtosis",
        "rolling",
        "ewm",
        "interp",
        "histogram",
        "polyfit",
        "polyval",
    ),
}
_PRODUCTS = {
    *("dot", "vdot", "inner", "outer", "matmul", "vecdot", "matvec", "vecmat", "einsum"),
    *("tensordot", "linalg", "fft", "matrix_power", "kron"),
}
# Drawn by way of logarithms, products or sums, unlike whole numbers, orders and `random`.
_DRAWS = {
    *("uniform", "choice", "multinomial", "geometric", "chisquare", "gumbel", "weibull"),
    *("normal", "standard_normal", "multivariate_normal", "lognormal", "exponential", "gauss"),
    *("standard_exponential", "standard_gamma", "beta", "poisson", "binomial", "laplace"),
    *("normalvariate", "randn", "dirichlet", "logistic", "triangular", "truncnorm"),
}
_PACKAGES = {"scipy", "statistics", "sklearn", "torch", "numexpr", "numba"}
NAMES = _CURVES | _SUMS | _PRODUCTS | _DRAWS | {"argpartition"}
# Without kind="stable" equal values lie as the processor's instructions leave them.
_SORTS = {"sort", "argsort", "sort_values"}
_EXACT = {"stages", "functools"}  # packages whose functions of such names are no library's own sums
_BUILT_IN = {"sum", "pow"}
_SIGNS = {ast.Pow: "**", ast.MatMult: "@"}

Use = tuple[str, str]  # the function or class that it stands in, and the operation


def uses(source: str) -> Counter[Use]:
    """Return how often each function of a module uses such an operation, by its name."""
    return Counter(_uses(ast.parse(source), ""))


def uses_in(module: str) -> Counter[Use]:
    """Return the uses in a file of the project."""
    return uses((ROOT / module).read_text(encoding="utf-8"))


def _uses(node: ast.AST, place: str) -> Iterator[Use]:
    """Yield the uses in a tree, and where each is."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        place = f"{place}.{node.name}".removeprefix(".")
    yield from ((place, name) for name in _named(node) if name)
    for child in ast.iter_child_nodes(node):
        yield from _uses(child, place)


def _named(node: ast.AST) -> Iterator[str]:
    """Yield the operation that one node of a tree names."""
    match node:
        case ast.Attribute(attr=name) if name in NAMES:
            yield name
        case ast.Name(id=name, ctx=ast.Load()) if name in _BUILT_IN:
            yield name
        case ast.Import() | ast.ImportFrom():
            yield from (f"import {name}" for name in _imported(node))
        # A power of two is exact, whoever computes it.
        case ast.BinOp(left=ast.Constant(value=2), op=ast.Pow()):
            return
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _SIGNS:
            yield _SIGNS[type(op)]
        case ast.Call(func=ast.Attribute(attr=name), keywords=given) if name in _SORTS:
            words = {word.arg: word.value for word in given}
            # Python's own sort, which alone has a key, is stable.
            if "key" not in words and not _is_stable(words.get("kind")):
                yield name


def _is_stable(kind: ast.expr | None) -> bool:
    """Tell whether a sort's `kind` is the stable one."""
    return isinstance(kind, ast.Constant) and kind.value == "stable"


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Yield what an import statement takes that is such an operation, or a package of them."""
    within = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    for name in (f"{within}{alias.name}" for alias in node.names):
        first, last = name.partition(".")[0], name.rpartition(".")[2]
        if first in _PACKAGES or (last in NAMES and first not in _EXACT):
            yield name
