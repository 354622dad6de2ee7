"""The study's conclusion in words, worked out from its numbers."""

from typing import Any

_NAMES = {"raw": "raw pixels (0 to 255)", "scaled": "scaled pixels"}
_VERDICTS = {
    (True, False): (
        "So the post's run is what a typical seed gives on raw pixels, and no seed gives on "
        "scaled ones: it trained on raw pixels."
    ),
    (False, True): (
        "So the post's run is what a typical seed gives on scaled pixels, and no seed gives on "
        "raw ones: it trained on scaled pixels."
    ),
    (True, True): "So the post's run is possible at either scale, and this study cannot tell them.",
    (False, False): "So the post's run is in full agreement with neither scale.",
}


def explains(group: dict[str, Any], post: dict[str, Any]) -> bool:
    """Tell whether the post could be one of the runs that `group` sums up.

    It could if its two accuracies, its cost in every epoch, and the number of times that its cost
    rose all lie in the range of the runs.
    """
    accuracies = ("train_accuracy", "test_accuracy")
    return (
        all(group[name]["min"] <= post[name] <= group[name]["max"] for name in accuracies)
        and group["epochs_inside_band"] == post["epochs"]
        and group["cost_rises"]["min"] <= post["cost_rises"] <= group["cost_rises"]["max"]
    )


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
    train, test, rose = group["train_accuracy"], group["test_accuracy"], group["cost_rises"]
    often = f"rose {rose['min']} to {rose['max']} times" if rose["max"] else "never rose"
    return (
        f"Among {group['runs']} runs on {name} the post's training accuracy lies at percentile "
        f"{train['post_percentile']:.0f} and its test accuracy at percentile "
        f"{test['post_percentile']:.0f}; its cost lies inside the runs' band in "
        f"{group['epochs_inside_band']} of {post['epochs']} epochs, and rose {post['cost_rises']} "
        f"times where theirs {often}."
    )
