"""The study's conclusion in words, worked out from its numbers."""

from typing import Any

_NAMES = {"raw": "raw pixels (0 to 255)", "scaled": "scaled pixels"}
_VERDICTS = {
    (True, False): (
        "So the post's run is one that raw pixels give and scaled ones do not: it trained on raw "
        "pixels, though it does not say so."
    ),
    (False, True): (
        "So the post's run is one that scaled pixels give and raw ones do not: it trained on "
        "scaled pixels, though it does not say so."
    ),
    (True, True): "So the post's run is one that either scale gives, and this cannot tell them.",
    (False, False): "So the post's run is one that neither scale gives.",
}


def explains(group: dict[str, Any], post: dict[str, Any]) -> bool:
    """Tell whether the post could be one of the runs that `group` sums up.

    It could if its two accuracies and the number of times that its cost rose lie in the range of
    the runs, and its cost lies in their band in as many epochs as one more run's is expected to.
    """
    accuracies = ("train_accuracy", "test_accuracy")
    return (
        all(group[name]["min"] <= post[name] <= group[name]["max"] for name in accuracies)
        and group["cost_rises"]["min"] <= post["cost_rises"] <= group["cost_rises"]["max"]
        and group["epochs_inside_band"] >= expected_inside(group["runs"]) * post["epochs"]
    )


def expected_inside(runs: int) -> float:
    """Return the share of epochs in which one more run is expected inside the band of `runs`.

    Of runs + 1 numbers that are drawn alike, each is the lowest or the highest equally often.
    """
    return (runs - 1) / (runs + 1)


def conclude(summary: dict[str, Any]) -> str:
    """Return the conclusion of a summary with the keys raw, scaled and post."""
    told = [_tell(_NAMES[name], summary[name], summary["post"]) for name in _NAMES]
    return " ".join([*told, verdict(summary)])


def verdict(summary: dict[str, Any]) -> str:
    """Return the last sentence of the conclusion: which pixels explain the post."""
    raw, scaled = (explains(summary[name], summary["post"]) for name in _NAMES)
    return _VERDICTS[raw, scaled]


def _tell(name: str, group: dict[str, Any], post: dict[str, Any]) -> str:
    """Return one sentence on the post among the runs of one scale."""
    train, test = (_place(group[key], post[key]) for key in ("train_accuracy", "test_accuracy"))
    rose = group["cost_rises"]
    often = f"rose {rose['min']} to {rose['max']} times" if rose["max"] else "never rose"
    return (
        f"Among {group['runs']} runs on {name} the post's training accuracy lies {train} and its "
        f"test accuracy {test}; its cost lies inside the runs' band in "
        f"{group['epochs_inside_band']} of {post['epochs']} epochs, and rose {post['cost_rises']} "
        f"times where theirs {often}."
    )


def _place(spread: dict[str, float], published: float) -> str:
    """Return where a published accuracy lies among those of the runs."""
    percentile = f"at percentile {spread['post_percentile']:.0f}"
    if spread["std"] == 0:  # runs that end alike give nothing to measure by
        return percentile
    away = (published - spread["mean"]) / spread["std"]
    side = "above" if away > 0 else "below"
    return f"{percentile} ({abs(away):.1f} standard deviations {side} the mean)"
