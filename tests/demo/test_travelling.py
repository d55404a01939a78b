"""The journey's browser against our own pages, and where it goes wrong."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from demo.journey.browser import StepFailed, Visitor
from demo.journey.source import Source
from demo.journey.system import System
from demo.journey.traffic import plan
from demo.journey.traveller import Traveller
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def _traveller(url: str, password: str) -> Traveller:
    return Traveller(System(url, "http://127.0.0.1:1", password))


def test_ada_comes_in_with_her_password_and_finds_a_row_by_its_name(live_server, ada):
    traveller = _traveller(live_server.url, "correct horse")
    traveller.sign_in()
    assert traveller.row("users/user", "ada@acme.example").endswith(f"/users/user/{ada.pk}/change/")
    assert traveller.row("users/user", "nobody@acme.example") == ""


def test_a_wrong_password_is_said_with_the_page_to_look_at(live_server, ada):
    with pytest.raises(StepFailed, match="does not let Ada in") as failure:
        _traveller(live_server.url, "wrong").sign_in()
    assert "/maker/login/" in str(failure.value)
    assert "wrong" not in str(failure.value).partition("It said")[0]


def test_a_form_that_is_refused_says_what_the_page_said(live_server, ada):
    traveller = _traveller(live_server.url, "correct horse")
    traveller.sign_in()
    with pytest.raises(StepFailed, match="not saved") as failure:
        traveller.add("users/user", {"username": "no e-mail"})
    assert "valid" in str(failure.value)
    assert not User.objects.filter(username="no e-mail").exists()


def test_a_page_that_is_not_there_is_named(live_server):
    with pytest.raises(StepFailed, match="404"):
        Visitor().open(f"{live_server.url}/nowhere/")


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(StepFailed, match="does not answer"):
        Visitor().open("http://127.0.0.1:1/")


def test_a_wrong_api_key_is_said_and_not_shown(live_server):
    source = Source(live_server.url, "dk_wrong_key")
    assert not source.is_let_in()
    with pytest.raises(StepFailed, match="401") as failure:
        list(source.post(plan(6, "demo-1")))
    assert "dk_wrong_key" not in str(failure.value)


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def misleading() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_the_browser_follows_nobody_to_another_machine(misleading):
    with pytest.raises(StepFailed, match=r"another machine: elsewhere\.example"):
        Visitor().open(misleading)
