"""What stands around the essay where it is published: workflows, forms, versions, the paper."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))
#: Kinds of fields that a form may have (GitHub's schema of issue forms).
FIELDS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


# Workflows -------------------------------------------------------------------


def test_there_is_a_workflow_for_tests_pages_releases_and_links() -> None:
    assert {path.stem for path in WORKFLOWS} == {"ci", "pages", "release", "links"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_named_by_commit_and_rights_are_few(path) -> None:
    workflow = read(path)
    for step in steps(workflow):
        if "uses" in step:
            assert PINNED.fullmatch(step["uses"]), step["uses"]
    text = path.read_text(encoding="utf-8")
    # The tag that a commit had, for those who read the line.
    assert text.count("uses:") == len(re.findall(r"uses: \S+ # v\d+\.\d+\.\d+", text))
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 90


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_call_our_own_scripts_and_run_nothing_that_an_event_says(
    path,
) -> None:
    lines = [step["run"] for step in steps(read(path)) if "run" in step]
    for line in lines:
        assert "${{" not in line, "what an event carries comes by a variable"
        for script in re.findall(r"(?:bash|python3) (\S+)", line):
            assert (ROOT / script).is_file(), script
    assert any("essay.py" in line or ".ci/" in line for line in lines)


def test_the_tests_run_on_every_python_that_the_readme_names() -> None:
    matrix = read(ROOT / ".github/workflows/ci.yml")["jobs"]["book"]["strategy"]
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"\(([\d., and]+) are tested\)", said)
    assert matrix["matrix"]["python"] == re.findall(r"\d\.\d+", named)


# Forms -----------------------------------------------------------------------


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_has_what_github_asks_of_it(path) -> None:
    form = read(path)
    assert {"name", "description", "body"} <= set(form)
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    names = [field["id"] for field in fields]
    assert len(set(names)) == len(names) and all(isinstance(n, str) for n in names)
    for field in form["body"]:
        assert field["type"] in FIELDS
        assert field["attributes"].get("label") or field["attributes"].get("value")
    assert any(field["validations"]["required"] for field in fields)


def test_what_readers_come_with_has_a_form() -> None:
    names = {read(path)["name"] for path in FORMS}
    assert {
        "I dispute a coding",
        "I have a better source",
        "I adapted this",
    } <= names


# Version ---------------------------------------------------------------------


def version() -> str:
    package = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
    return package["version"]


def script(*arguments):
    return subprocess.run(
        [sys.executable, ROOT / ".ci" / "version.py", *arguments],
        capture_output=True,
        text=True,
    )


def test_the_version_stands_in_one_place_and_heads_the_list_of_changes() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\d+\.\d+\.\d+) \(.+\)$", changes, re.M)
    assert headings[0] == version()
    assert headings == sorted(headings, key=lambda v: [*map(int, v.split("."))])[::-1]
    for other in ("CITATION.cff", ".zenodo.json", "paper.md", "README.md"):
        text = (ROOT / other).read_text(encoding="utf-8")
        assert version() not in text, f"{other} would have to be kept in step"


def test_a_tag_that_is_not_the_version_stops_a_release() -> None:
    assert script().stdout.strip() == version()
    assert script("--is", "v" + version()).returncode == 0
    wrong = script("--is", "v99.0.0")
    assert wrong.returncode == 1 and version() in wrong.stdout


# The archive and the paper ---------------------------------------------------


def test_the_archive_is_told_what_the_citation_file_says() -> None:
    cited = read(ROOT / "CITATION.cff")
    told = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert told["title"] == cited["title"] and told["license"] == cited["license"]
    assert told["keywords"] == cited["keywords"]
    assert [c["name"] for c in told["creators"]] == [
        author["name"] for author in cited["authors"]
    ]


def test_the_paper_cites_only_works_that_are_listed() -> None:
    text = (ROOT / "paper.md").read_text(encoding="utf-8")
    head, body = text.split("---\n")[1:3]
    listed = (ROOT / yaml.safe_load(head)["bibliography"]).read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{(\w+),", listed, re.M))
    cited = set(re.findall(r"@(\w+)", body))
    assert cited and cited <= keys, cited - keys
    for heading in ("Statement of need", "Audience", "Learning objectives"):
        assert f"# {heading}\n" in body
    # The journal asks for a short one.
    assert 500 < len(body.split()) < 1200
