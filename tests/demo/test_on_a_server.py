"""The demo's commands beside a server that has keys of its own in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.conf import global_settings
from django.contrib.auth import authenticate

from config.paths import BASE_DIR
from demo.stack.files import read_values
from tests.interactions.workers import database_url
from tests.ports import free_port
from users.models import User

pytestmark = pytest.mark.slow  # each test starts processes that load the whole product

KEYS = {
    "SECRET_KEY": "the-key-of-the-server-which-is-long-enough-for-the-checks-of-django",
    "FERNET_KEYS": "the-fernet-key-of-the-server",
}
PASSWORD = "the password of the server's demo"


@pytest.fixture
def server(tmp_path):
    """The environment of a server, in whose VAR_DIR nothing is."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("SECRET_", "FERNET_"))}
    for name in ("DEMO_PASSWORD", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PUBLIC_URL", "ALLOWED_HOSTS"):
        theirs.pop(name, None)
    (tmp_path / "var").mkdir()
    return theirs | KEYS | {"VAR_DIR": str(tmp_path / "var")}


def in_files(environment: dict[str, str], directory: Path, *names: str) -> dict[str, str]:
    """The same with these values in files, written as an editor writes them: with a line break at the end."""
    moved = dict(environment)
    for name in names:
        path = directory / name
        path.write_text(f"{moved.pop(name)}\n")
        moved[f"{name}_FILE"] = str(path)
    return moved


def run(environment, *command):
    given = {"cwd": BASE_DIR, "env": environment, "capture_output": True, "text": True, "timeout": 60}
    return subprocess.run([sys.executable, *command], check=False, **given)


def kept(environment) -> dict[str, str]:
    return read_values(Path(environment["VAR_DIR"]) / "local.env")


def test_the_local_zoho_writes_no_keys_beside_those_of_the_server(server, tmp_path, taken_port):
    environment = in_files(server, tmp_path, "FERNET_KEYS")
    done = run(environment, "manage.py", "fakezoho", "--port", str(taken_port))
    assert f"cannot listen on port {taken_port}" in done.stderr
    assert kept(environment) == {}


def test_the_local_zoho_makes_no_more_keys_than_it_needs(server, taken_port):
    for name in KEYS:
        server.pop(name)
    assert "cannot listen" in run(server, "manage.py", "fakezoho", "--port", str(taken_port)).stderr
    assert set(kept(server)) == set(KEYS)


def test_make_run_makes_those_keys_alone_that_the_environment_does_not_give(server, tmp_path, taken_port):
    environment = in_files(server, tmp_path, "FERNET_KEYS")
    ports = {"PORT": str(taken_port), "FAKEZOHO_PORT": str(free_port()), "VALKEY_PORT": str(free_port())}
    done = run(environment | ports, "-m", "demo.stack")
    assert f"Port {taken_port} is taken" in done.stderr
    assert set(kept(environment)) == {"VALKEY_PASSWORD", "METRICS_TOKEN", "DEMO_PASSWORD"}


@pytest.mark.parametrize("command", ["manage.py demo", "-m demo.stack"])
def test_a_file_of_a_key_that_is_not_there_stops_the_start_with_one_sentence(server, tmp_path, command):
    missing = str(tmp_path / "nothing")
    done = run(server | {"FERNET_KEYS_FILE": missing}, *command.split())
    assert done.returncode == 1
    assert done.stderr.strip() == f"FERNET_KEYS_FILE names {missing!r}, which cannot be read."
    assert kept(server) == {}


class Stub(BaseHTTPRequestHandler):
    """Answers as a running system would, up to its sign-in page, which takes no password but notes it."""

    posted: list[str] = []

    def do_GET(self) -> None:
        self._say(b'<form method="post"><input name="username"><input type="password" name="password"></form>')

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.posted += parse_qs(body)["password"]
        self.do_GET()

    def _say(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def running(server):
    """The environment of `server` while something answers at its address and at the local Zoho's."""
    Stub.posted = []
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Stub) for _ in range(2)]
    for one in servers:
        threading.Thread(target=one.serve_forever, daemon=True).start()
    yield server | {name: str(one.server_port) for name, one in zip(("PORT", "FAKEZOHO_PORT"), servers, strict=True)}
    for one in servers:
        one.shutdown()
        one.server_close()


def test_the_demo_signs_in_with_the_password_of_the_environment(running):
    environment = running | {"DEMO_PASSWORD": PASSWORD}
    done = run(environment, "manage.py", "demo")
    assert done.returncode == 1
    assert Stub.posted == [PASSWORD]
    assert kept(environment) == {}
    assert PASSWORD not in done.stdout + done.stderr


def test_without_a_password_the_demo_says_which_is_missing_and_tries_none(running):
    done = run(running, "manage.py", "demo")
    assert done.returncode == 1
    assert "DEMO_PASSWORD is not set" in done.stderr
    assert "load_demo_company" in done.stderr
    assert Stub.posted == []
    assert kept(running) == {}


@pytest.mark.django_db(transaction=True)
def test_a_command_loads_the_demo_company_on_a_server(server, tmp_path, settings):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # those of the command
    given = server | {"DATABASE_URL": database_url(), "DEMO_PASSWORD": PASSWORD}
    environment = in_files(given, tmp_path, "DEMO_PASSWORD")
    done = run(environment, "manage.py", "load_demo_company")
    assert done.returncode == 0, done.stderr
    assert "ada@acme.example" in done.stdout
    assert PASSWORD not in done.stdout + done.stderr
    assert User.objects.count() == 6
    ada = authenticate(username="ada@acme.example", password=PASSWORD)
    assert ada is not None
    assert ada.is_superuser
    assert kept(environment) == {}


@pytest.mark.django_db(transaction=True)
def test_the_command_leaves_a_database_of_somebody_else_alone_and_says_so(server):
    User.objects.create_user("boss@other.example", "secret")
    done = run(server | {"DATABASE_URL": database_url(), "DEMO_PASSWORD": PASSWORD}, "manage.py", "load_demo_company")
    assert done.returncode == 1
    assert "This database has users of its own: the demo company was not loaded into it." in done.stderr
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("password", "told"), [("", "DEMO_PASSWORD is not set"), ("12345678", "DEMO_PASSWORD")])
def test_nobody_gets_a_superuser_on_a_server_by_a_password_that_is_guessed(server, password, told):
    given = {"DEMO_PASSWORD": password} if password else {}
    done = run(server | {"DATABASE_URL": database_url()} | given, "manage.py", "load_demo_company")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not User.objects.exists()
