from __future__ import annotations

import configparser
import shlex
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from demo.stack import parts, ports
from demo.stack.plan import CannotStart, make
from tests.config.server.running import documented_command
from tests.ports import free_port

pytestmark = pytest.mark.usefixtures("var")


def _names(plan) -> list[str]:
    return [part.name for part in parts.parts(plan)]


def test_everything_that_the_house_needs_runs():
    assert _names(make({})) == ["valkey", "zoho", "web", "worker", "beat"]


def test_with_reload_what_is_ours_starts_anew_when_its_code_changes():
    plain, watched = (list(parts.parts(make(given))) for given in ({}, {"RELOAD": "1"}))
    assert watched[0] == plain[0]  # Valkey has no code of ours
    for before, after in zip(plain[1:], watched[1:], strict=True):
        assert "watchfiles" in after.command
        assert shlex.join(before.command) in after.command
        assert {"interactions", "templates"} <= set(after.command)


def test_a_given_redis_replaces_ours():
    assert "valkey" not in _names(make({"REDIS_URL": "redis://r.example/0"}))


def test_without_the_local_zoho_the_real_addresses_hold():
    plan = make({"FAKEZOHO_PORT": "0"})
    assert _names(plan) == ["valkey", "web", "worker", "beat"]
    assert "ZOHO_DATA_CENTRES" not in plan.values


def test_every_part_comes_back_after_a_kill_and_is_ended_as_a_group(tmp_path: Path):
    text = parts.configuration(make({}), tmp_path / "s.sock")
    read = configparser.ConfigParser()
    read.read_string(text)
    programs = [read[name] for name in read.sections() if name.startswith("program:")]
    assert len(programs) == 5
    assert all(program.getboolean("autorestart") and program.getboolean("killasgroup") for program in programs)


def test_the_web_server_is_the_one_that_readme_documents_and_listens_to_this_machine_only():
    (web,) = (part for part in parts.parts(make({})) if part.name == "web")
    assert web.command == (*documented_command(), "--host", "127.0.0.1")


def test_a_percent_sign_reaches_the_program_as_it_is(tmp_path: Path):
    read = configparser.ConfigParser()
    read.read_string(parts.configuration(make({}), tmp_path / "s.sock"))
    assert "deskline@%h" in read["program:worker"]["command"]


def test_valkey_listens_to_this_machine_only_and_asks_for_the_password():
    text = parts.valkey_configuration(make({}), "the-password")
    assert "bind 127.0.0.1\n" in text
    assert "requirepass the-password\n" in text
    assert "maxmemory-policy noeviction\n" in text


def test_a_long_path_gets_its_socket_in_a_short_one(tmp_path: Path):
    plan = replace(make({}), var=tmp_path / ("deep" * 30))
    path = parts.control_socket(plan, Path("/tmp/short"))
    assert path == Path("/tmp/short/supervisor.sock")
    with socket.socket(socket.AF_UNIX) as probe, pytest.raises(OSError, match="too long"):
        probe.bind(str(plan.var / "supervisor.sock"))


def test_a_taken_port_is_named_with_the_variable_that_changes_it(taken_port):
    given = {"PORT": str(free_port()), "FAKEZOHO_PORT": str(taken_port), "VALKEY_PORT": str(free_port())}
    with pytest.raises(CannotStart, match=f"Port {taken_port} is taken. Choose another with FAKEZOHO_PORT"):
        ports.check(make(given))


def test_the_port_of_a_valkey_that_is_not_started_may_be_taken(taken_port):
    given = {"REDIS_URL": f"redis://127.0.0.1:{taken_port}/0", "VALKEY_PORT": str(taken_port)}
    ports.check(make({**given, "PORT": str(free_port()), "FAKEZOHO_PORT": str(free_port())}))


def test_a_given_redis_that_is_away_stops_the_start():
    given = {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    with pytest.raises(CannotStart, match="where REDIS_URL leads"):
        ports.check(make({**given, "PORT": str(free_port()), "FAKEZOHO_PORT": str(free_port())}))
