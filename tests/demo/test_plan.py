from __future__ import annotations

import stat

import pytest

from demo.stack.__main__ import about_zoho
from demo.stack.files import read_values, write_private
from demo.stack.plan import CannotStart, make
from integrations.zoho_desk.assumptions import Assumed

pytestmark = pytest.mark.usefixtures("var")


def test_the_ports_that_everybody_expects_are_the_defaults():
    plan = make({})
    assert (plan.public_url, plan.zoho_url) == ("http://127.0.0.1:8000", "http://127.0.0.1:8100")


def test_the_addresses_follow_the_ports():
    plan = make({"PORT": "9000", "FAKEZOHO_PORT": "9100", "VALKEY_PORT": "9200"})
    assert plan.public_url == "http://127.0.0.1:9000"
    assert plan.zoho_url == "http://127.0.0.1:9100"
    assert plan.values["REDIS_URL"].endswith("@127.0.0.1:9200/0")


@pytest.mark.parametrize("text", ["http", "00", "65536", "-1", "80 00"])
def test_a_port_that_is_none_is_refused_by_name(text):
    with pytest.raises(CannotStart, match="FAKEZOHO_PORT"):
        make({"FAKEZOHO_PORT": text})


def test_only_the_local_zoho_can_be_left_out():
    with pytest.raises(CannotStart, match="PORT must be"):
        make({"PORT": "0"})


def test_two_parts_cannot_share_a_port():
    with pytest.raises(CannotStart, match="different"):
        make({"PORT": "8100"})


def test_servers_that_are_given_are_used_and_none_of_ours_is_started():
    plan = make({"REDIS_URL": "redis://r.example:6379/0", "DATABASE_URL": "postgres://u@db.example/x"})
    assert not plan.own_valkey
    assert plan.values["REDIS_URL"] == "redis://r.example:6379/0"
    assert plan.values["DATABASE_URL"] == "postgres://u@db.example/x"


def test_sqlite_is_used_when_no_database_is_given():
    assert "DATABASE_URL" not in make({}).values


def test_an_address_of_ones_own_brings_its_own_hosts():
    assert "ALLOWED_HOSTS" not in make({"PUBLIC_URL": "https://desk.example.com"}).values


def test_the_keys_of_a_machine_are_made_once(var):
    make({})
    first = read_values(var / "local.env")
    make({})
    assert read_values(var / "local.env") == first
    assert len(first["SECRET_KEY"]) >= 50
    assert len(set(first.values())) == len(first)


def test_a_key_that_a_newer_version_needs_is_added_to_the_others(var):
    write_private(var / "local.env", "SECRET_KEY=kept\n")
    make({})
    keys = read_values(var / "local.env")
    assert keys["SECRET_KEY"] == "kept"
    assert keys["METRICS_TOKEN"]


def test_nobody_else_reads_the_keys(var):
    make({})
    assert stat.S_IMODE((var / "local.env").stat().st_mode) == 0o600
    assert stat.S_IMODE(var.stat().st_mode) == 0o700


def test_a_lost_answer_is_settled_sooner_at_the_local_zoho_than_at_the_real_one():
    told = about_zoho(make({}))["assumed"]
    assumed = Assumed()
    real = assumed.settle_seconds
    assumed.correct(told)
    assert assumed.settle_seconds < real / 10


def test_what_files_give_is_used_as_if_it_were_given_and_copied_nowhere(tmp_path):
    for name, text in (
        ("REDIS_URL", "redis://:secret@r.example:6379/0\n"),
        ("PUBLIC_URL", "https://desk.example.com\n"),
    ):
        (tmp_path / name).write_text(text)
    plan = make({f"{name}_FILE": str(tmp_path / name) for name in ("REDIS_URL", "PUBLIC_URL")})
    assert not plan.own_valkey
    assert plan.public_url == "https://desk.example.com"
    assert plan.redis_url == "redis://:secret@r.example:6379/0"
    assert "ALLOWED_HOSTS" not in plan.values
    assert "secret" not in str(plan.values)
    assert plan.values["REDIS_URL_FILE"] == str(tmp_path / "REDIS_URL")


def test_the_password_of_the_environment_is_the_one_that_is_printed(var):
    assert make({"DEMO_PASSWORD": "given"}).keys["DEMO_PASSWORD"] == "given"
    assert "DEMO_PASSWORD" not in read_values(var / "local.env")
