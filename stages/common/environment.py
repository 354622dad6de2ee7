"""The environment of the Git and DVC processes that we start."""

import os
import subprocess
from functools import cache

# What `git -c KEY=VALUE` or CI sets of the user's configuration (safe.directory, say) is no part
# of a repository. Git itself keeps these two when it goes from one repository into another.
_CONFIGURATION = {"GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"}


def own() -> dict[str, str]:
    """Return the environment without what ties Git to the repository of whoever called us.

    Git starts its hooks with GIT_DIR, GIT_INDEX_FILE (of `git commit -a` a temporary one),
    GIT_PREFIX and their kin. A process that inherited them would read or overwrite the caller's
    index instead of that of the repository which it works in.
    """
    caller = _local_variables() - _CONFIGURATION
    return {name: value for name, value in os.environ.items() if name not in caller}


@cache
def _local_variables() -> frozenset[str]:
    """Return the variables that Git calls local to a repository; none where there is no Git."""
    command = ["git", "rev-parse", "--local-env-vars"]
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            command,
            capture_output=True,
            text=True,
            env={"PATH": os.environ.get("PATH", os.defpath)},
            check=False,
        )
    except OSError:
        return frozenset()
    return frozenset(done.stdout.split())
