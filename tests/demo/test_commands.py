from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command, get_commands

from config.paths import BASE_DIR
from demo.management.commands import demo, fakezoho


def test_an_installation_has_none_of_the_demos_commands():
    assert {"demo", "fakezoho", "load_demo_company"}.isdisjoint(get_commands())


@pytest.mark.parametrize("count", [0, 5, 1000])
def test_the_demo_takes_a_sensible_number_of_interactions(count):
    with pytest.raises(CommandError, match="6 to 999"):
        call_command(demo.Command(), interactions=count)


def test_the_local_zoho_gets_its_options_as_they_are(taken_port):
    done = subprocess.run(
        [sys.executable, "manage.py", "fakezoho", "--port", str(taken_port), "--search-lag", "2"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert f"cannot listen on port {taken_port}" in done.stderr


def test_the_local_zoho_is_no_command_for_programs():
    with pytest.raises(CommandError, match="command line"):
        call_command(fakezoho.Command())
