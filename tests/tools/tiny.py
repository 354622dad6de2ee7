"""A pipeline of two stages that runs in a second, for the tools that run any pipeline."""

import importlib.metadata
from pathlib import Path

from tests.scratch import Scratch

FILES = {
    "dvc.yaml": """\
stages:
  second:
    cmd: python -S -m second
    deps: [data/weights.txt, second.py]
    outs:
      - reports/metrics.txt: {cache: false, persist: true}
      - reports/figures: {cache: false, persist: true}
  first:
    cmd: python -S -m first
    deps: ["${ingest.source}", first.py]
    params: [train.epochs]
    outs: [data/weights.txt]
""",
    "params.yaml": """\
ingest: {source: source.txt}
train: {epochs: 3, precision: reproducible}
""",
    "first.py": """\
from pathlib import Path
epochs = int(Path("params.yaml").read_text().split("epochs: ")[1].split(",")[0])
Path("data").mkdir(exist_ok=True)
Path("data/weights.txt").write_text(Path("source.txt").read_text() * epochs)
""",
    "second.py": """\
from pathlib import Path
Path("reports/figures").mkdir(exist_ok=True, parents=True)
Path("reports/metrics.txt").write_text(str(len(Path("data/weights.txt").read_text())))
Path("reports/figures/one.txt").write_text(Path("data/weights.txt").read_text()[:3])
""",
    "source.txt": "digits\n",
    "requirements.lock": f"""\
numpy=={importlib.metadata.version("numpy")} \\
    --hash=sha256:0
other-system==1.0 ; sys_platform == 'none'
""",
    ".gitignore": "/data\n",
    ".dvc/config": "[core]\n    analytics = false\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
}


def make(folder: Path) -> Scratch:
    """Make a repository of one commit, with the pipeline and the results of its run."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    made = Scratch(folder)
    made.git("init", "--quiet", "--initial-branch=main")
    made.dvc("repro", "--quiet")
    made.commit("A pipeline and its results")
    return made


def edit(project: Scratch, name: str, old: str, new: str) -> None:
    """Put one text in the place of another, which must be in the file."""
    path = project.folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
