"""The documents say what is true: names of tests, variables and files that they mention exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from config.paths import BASE_DIR
from integrations.zoho_desk.probes.run import ALL
from interactions.queue.states import Transition

DOCUMENTS = (
    "README.md", "CONTRIBUTING.md", "THREAT_MODEL.md", "CHANGELOG.md", "docs/zoho-facts.md", "docs/zoho-smoke.md",
    "docs/architecture.md", "docs/delivery.md",
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


def test_the_table_of_transitions_is_the_code_s_own():
    rows = re.findall(r"^\| (\w+) \| ([\w, ]+) \| ([\w, ]+) \| [^|]+ \|$", _text("docs/delivery.md"), re.M)
    told = {name: (set(sources.split(", ")), set(targets.split(", "))) for name, sources, targets in rows[1:]}
    assert told == {one.name.lower(): (set(one.sources), set(one.targets)) for one in Transition}


def test_the_diagram_of_states_shows_nothing_but_what_the_code_does():
    arrows = re.findall(r"^    (\w+) --> (\w+): (.+)$", _text("docs/delivery.md"), re.M)
    assert len(arrows) > 20
    for source, target, label in arrows:
        for name in re.sub(r" \([^)]*\)", "", label).split(", "):
            transition = Transition[name.replace(" ", "_").upper()]
            assert (source in transition.sources, target in transition.targets) == (True, True), (source, target, name)


def test_the_walk_of_one_create_is_short_and_names_what_is_there():
    walk = re.findall(r"^\d+\. (\*back\* to )?`([\w/.]+)`(?: `(\w+)`)?", _text("docs/delivery.md"), re.M)
    assert 15 < len(walk) <= 15 + 30
    assert len({path.split("/")[-1] for _, path, _ in walk}) < 15
    for back, path, name in walk:
        found = BASE_DIR / path if not back else BASE_DIR / "interactions" / path
        assert f"def {name}" in found.read_text(encoding="utf-8") or not name, (path, name)


def test_every_section_of_a_document_that_the_code_cites_exists():
    """Such as `docs/zoho-facts.md 4.5`, or `zoho-facts.md 4.1`."""
    cited = {
        (name, section)
        for path in BASE_DIR.rglob("*.py")
        if not {".venv", "var", "node_modules"} & set(path.relative_to(BASE_DIR).parts)
        for name, sections in re.findall(
            r"([a-z-]+\.md) (\d{1,2}(?:\.\d+)?(?:, \d{1,2}(?:\.\d+)?)*)\b", path.read_text(encoding="utf-8")
        )
        for section in sections.split(", ")
    }
    headings = {
        path.name: set(_sections(path.read_text(encoding="utf-8"))) for path in (BASE_DIR / "docs").glob("*.md")
    }
    assert len(cited) > 20
    assert sorted(f"{name} {section}" for name, section in cited if section not in headings.get(name, ())) == []


def test_every_document_that_the_code_names_is_there():
    code = [path for path in BASE_DIR.rglob("*.py") if not {".venv", "var"} & set(path.relative_to(BASE_DIR).parts)]
    named = {name for path in code for name in re.findall(r"docs/[a-z-]+\.md", path.read_text(encoding="utf-8"))}
    assert len(named) > 3
    assert sorted(name for name in named if not (BASE_DIR / name).is_file()) == []


def _sections(text: str) -> Iterator[str]:
    """Numbered headings, and the items of a list under one that has no smaller ones."""
    heading = ""
    for line in text.splitlines():
        if found := re.match(r"#+ (\d+(?:\.\d+)*)", line):
            heading = found[1]
            yield heading
        elif found := re.match(r"(\d+)\. ", line):
            yield f"{heading}.{found[1]}"


def test_the_lists_of_packages_contain_each_other_with_equal_versions():
    pins = {
        group: set(re.findall(r"^(\S+==\S+)", _text(f"requirements/{group}.txt"), re.M))
        for group in ("base", "local", "dev")
    }
    assert pins["base"] <= pins["local"] <= pins["dev"]


def test_every_fact_about_zoho_that_is_cited_stands_in_its_document():
    headings = set(re.findall(r"^#{2,3} (\d+(?:\.\d)?)\.? ", _text("docs/zoho-facts.md"), re.M))
    numbered = {f"1.{number}" for number in re.findall(r"^(\d)\. \*\*", _text("docs/zoho-facts.md"), re.M)}
    sources = [
        path.read_text(encoding="utf-8")
        for room in ("authmethods", "banner", "crm", "fakezoho", "integrations", "interactions", "sso", "tests")
        for suffix in ("py", "json")
        for path in (BASE_DIR / room).rglob(f"*.{suffix}")
    ]
    section = r"\d{1,2}\b(?:\.\d)?"
    cited = re.findall(rf"zoho-facts(?:\.md)? ({section}(?:(?:, | to ){section})*)", "\n".join(sources))
    asked = [probe.section for probe in ALL]
    sections = {section for text in (*cited, *asked) for section in re.findall(r"\d+(?:\.\d)?", text)}
    assert len(sections) > 20
    assert sections - headings - numbered == set()
