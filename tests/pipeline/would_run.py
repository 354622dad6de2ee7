"""For each line on standard input, print as JSON the stages that `dvc repro` would run now.

A script that answers many times, as starting DVC takes longer than asking it.
"""

import json
import logging
import sys

from dvc.repo import Repo

logging.disable(logging.INFO)  # DVC tells what it does on standard output
for _ in sys.stdin:
    with Repo(".") as repo:
        stages = repo.reproduce(dry=True, force_downstream=True)
    print(json.dumps([stage.name for stage in stages]), flush=True)
