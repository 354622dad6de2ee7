"""Read YAML of any commit, as DVC reads it."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from stages.common.errors import DigitsError, refuse_conflict


def mapping(content: bytes, where: str) -> dict[str, Any]:
    """Return the mapping in a YAML file; raises DigitsError, saying `where`, for anything else."""
    try:
        text = content.decode()
        refuse_conflict(text, where)
        found = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        raise DigitsError(f"{where} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(found, dict):
        raise DigitsError(f"{where} is not a mapping")
    return found
