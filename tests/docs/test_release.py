"""What is said of the project's versions and of how to cite it."""

import re
import tomllib
from typing import Any

from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from tests.docs.pages import read

KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
POST = {"title": "Coding a Neural Network from scratch", "date-published": "2024-07-21"}


def project() -> dict[str, Any]:
    return dict(tomllib.loads(read("pyproject.toml"))["project"])


def citation() -> dict[str, Any]:
    # As text: a date of YAML's would be none of JSON's.
    yaml = YAML(typ="base", pure=True)
    return dict(yaml.load(read("CITATION.cff")))


def test_the_citation_is_of_its_form() -> None:
    schema = get_builtin_schema("vendor.citation-file-format")
    errors = Draft7Validator(schema).iter_errors(citation())
    assert [error.message for error in errors] == []


def test_the_citation_names_the_authors_of_the_licence() -> None:
    (holder,) = re.findall(r"^Copyright \(c\) \d+ (.*)$", read("LICENSE"), re.MULTILINE)
    assert citation()["authors"] == [{"name": holder}]
    assert citation()["license"] == project()["license"]
    assert citation()["abstract"] == project()["description"]


def test_the_post_is_cited_by_its_title_and_date() -> None:
    (post,) = citation()["references"]
    assert post["type"] == "blog"
    assert POST.items() <= post.items()
    assert f"*{POST['title']}* (21 July 2024)" in read("README.md")


def test_no_address_is_invented() -> None:
    assert "://" not in read("CITATION.cff")
    assert "urls" not in project()


def test_the_changelog_is_of_its_form() -> None:
    text = read("CHANGELOG.md")
    versions = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert versions[0] == "[Unreleased]"
    released = r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d"
    assert [name for name in versions[1:] if not re.fullmatch(released, name)] == []
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= KINDS


def test_the_version_has_one_home() -> None:
    others = ("CITATION.cff", "README.md", "stages/__init__.py")
    assert [file for file in others if project()["version"] in read(file)] == []
