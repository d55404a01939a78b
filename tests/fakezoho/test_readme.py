"""What the README shows can be done."""

from __future__ import annotations

import json
import re
from pathlib import Path

import fakezoho
from fakezoho import faults, knobs
from fakezoho.control import ROUTES

TEXT = (Path(fakezoho.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_flag_of_the_readme_exists():
    own = {"--port", "--state", "--client", "--fault", "--knob", "--help"}
    flags = {"--" + knob.name.replace("_", "-") for knob in knobs.names()} | own
    assert set(re.findall(r"(?<!\S)`?(--[a-z-]+)", TEXT)) <= flags


def test_every_fault_of_the_readme_can_be_ordered():
    shown = re.findall(r"(\{\"fault\": .*\})[`']", TEXT)
    assert len(shown) == 4
    assert {faults.parsed(json.loads(order)).fault for order in shown} == {"lost_answer", "html_401", "knobs", "answer"}


def test_every_address_of_the_control_is_in_the_readme():
    names = {route.path.removeprefix("/_standin/").partition("/")[0] for route in ROUTES}
    assert {name for name in names if f"`{name}" not in TEXT} == set()
