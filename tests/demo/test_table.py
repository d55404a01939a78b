"""What `make run` prints when all runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from config.paths import BASE_DIR
from demo.stack import parts, table
from demo.stack.files import write_private
from demo.stack.plan import make

pytestmark = pytest.mark.usefixtures("var")


def told(capsys, **environment):
    table.show(make(environment), "the-password")
    return capsys.readouterr().out


def test_it_names_the_company_url_to_begin_with_and_how_zoho_is_stopped(capsys):
    text = told(capsys, FAKEZOHO_PORT="9100")
    assert "http://127.0.0.1:9100/eu/desk/agent/acme" in text
    assert "stop zoho" in text
    assert "FAKEZOHO_PORT=0 make run" in text


def test_without_the_local_zoho_nothing_is_said_of_it(capsys):
    text = told(capsys, FAKEZOHO_PORT="0")
    assert "zoho " not in text.lower().replace("for zoho ", "")
    assert "acme" not in text.lower().replace("acme.example", "")


def test_the_last_line_alone_tells_how_it_ends(capsys):
    lines = told(capsys).strip().splitlines()
    assert [line for line in lines if "Ctrl-C" in line] == lines[-1:]


def test_the_command_that_stops_zoho_is_one_that_reads_the_configuration(capsys, tmp_path):
    plan = make({})
    write_private(plan.var / "supervisord.conf", parts.configuration(plan, tmp_path / "s.sock"))
    [line] = [line for line in told(capsys).splitlines() if "stop zoho" in line]
    words = line.partition(":")[2].partition("(")[0].split()
    done = subprocess.run([sys.executable, *words[1:]], cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert "no such file" in done.stdout  # of the supervisor, which does not run
