"""The documents say what is true: names of tests, variables and files that they mention exist."""

from __future__ import annotations

import re

import pytest

from config.paths import BASE_DIR
from integrations.zoho_desk.probes.run import ALL

DOCUMENTS = (
    "README.md", "CONTRIBUTING.md", "THREAT_MODEL.md", "CHANGELOG.md", "docs/zoho-facts.md", "docs/zoho-smoke.md",
)  # fmt: skip
SOURCES = ("config/settings.py", "config/paths.py", "demo/stack/plan.py", "demo/company.py")


def _text(name: str) -> str:
    return (BASE_DIR / name).read_text(encoding="utf-8")


def test_every_test_that_the_threat_model_names_exists_in_its_room():
    rows = re.findall(r"(\w+): ((?:`test_\w+`(?:, )?)+)", _text("THREAT_MODEL.md"))
    named = [(room, test) for room, tests in rows for test in re.findall(r"test_\w+", tests)]
    sources = {
        room: "".join(path.read_text(encoding="utf-8") for path in (BASE_DIR / "tests" / room).rglob("test_*.py"))
        for room, _ in named
    }
    assert len(named) > 20
    assert [f"{room}: {test}" for room, test in named if f"def {test}(" not in sources[room]] == []


def test_every_variable_of_the_readme_is_read_somewhere_and_none_is_left_out():
    told = set(re.findall(r"`([A-Z_]{4,})`", "\n".join(re.findall(r"^\| `.*", _text("README.md"), re.M))))
    code = "".join(_text(name) for name in SOURCES)
    read = set(
        re.findall(
            r"(?:env\.\w+|boolean|whole|fraction|required|origin|existing_file|environ\.get)\(\"([A-Z_]+)\"", code
        )
    )
    assert read - told == set()
    assert {name for name in told if f'"{name}"' not in code} == set()


def test_the_readme_can_be_read_in_one_sitting():
    assert len(_text("README.md").splitlines()) <= 150


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_within_the_project_lead_somewhere(name):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", _text(name))
    assert [target for target in targets if not ((BASE_DIR / name).parent / target).exists()] == []


def test_the_lists_of_packages_contain_each_other_with_equal_versions():
    pins = {
        group: set(re.findall(r"^(\S+==\S+)", _text(f"requirements/{group}.txt"), re.M))
        for group in ("base", "local", "dev")
    }
    assert pins["base"] <= pins["local"] <= pins["dev"]


def test_every_fact_about_zoho_that_is_cited_stands_in_its_document():
    headings = set(re.findall(r"^#{2,3} (\d(?:\.\d)?)\.? ", _text("docs/zoho-facts.md"), re.M))
    numbered = {f"1.{number}" for number in re.findall(r"^(\d)\. \*\*", _text("docs/zoho-facts.md"), re.M)}
    sources = [
        path.read_text(encoding="utf-8")
        for room in ("authmethods", "banner", "crm", "fakezoho", "integrations", "interactions", "sso", "tests")
        for suffix in ("py", "json")
        for path in (BASE_DIR / room).rglob(f"*.{suffix}")
    ]
    cited = re.findall(r"zoho-facts(?:\.md)? (\d(?:\.\d)?(?:(?:, | to )\d(?:\.\d)?)*)", "\n".join(sources))
    asked = [probe.section for probe in ALL]
    sections = {section for text in (*cited, *asked) for section in re.findall(r"\d(?:\.\d)?", text)}
    assert len(sections) > 20
    assert sections - headings - numbered == set()
