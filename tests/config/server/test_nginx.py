"""deploy/nginx.conf as it stands, in a real nginx, in front of the real web server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from config.paths import BASE_DIR
from demo.stack.ports import is_free
from tests.certificates import self_signed
from tests.config.server.clients import HALF_A_BODY, HALF_A_HEAD, SILENT, connected, dripping
from tests.config.server.running import Installation, WebServer, install, serving
from tests.ports import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed: deploy/nginx.conf is not tried"),
]

NAME = "desk.example.com"
AROUND = """
{user}
daemon off;
pid {var}/nginx.pid;
error_log {var}/error.log;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {var}/bodies;
    proxy_temp_path {var}/proxied;
    fastcgi_temp_path {var}/fastcgi;
    uwsgi_temp_path {var}/uwsgi;
    scgi_temp_path {var}/scgi;
    include {var}/deskline.conf;
}}
"""


@dataclass
class Proxy:
    port: int
    plain_port: int
    var: Path
    web: WebServer
    certificate: str

    def ask(self, path: str, method: str = "GET", **options) -> requests.Response:
        """As a browser that found desk.example.com here."""
        session = requests.Session()
        session.trust_env = False
        headers = {"Host": NAME, **options.pop("headers", {})}
        url = f"https://localhost:{self.port}{path}"
        return session.request(
            method, url, headers=headers, verify=self.certificate, timeout=15, allow_redirects=False, **options
        )


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory, valkey: object) -> Installation:
    return install(
        tmp_path_factory.mktemp("behind"),
        static=True,
        DJANGO_SETTINGS_MODULE="tests.config.server.behind",
        PUBLIC_URL=f"https://{NAME}",
        ALLOWED_HOSTS=f"{NAME},127.0.0.1",
        TRUSTED_PROXIES="1",
    )


@pytest.fixture(scope="module")
def proxy(behind: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with serving(behind) as web, running_nginx(tmp_path_factory.mktemp("nginx"), web) as proxy:
        yield proxy


@contextmanager
def running_nginx(var: Path, web: WebServer) -> Iterator[Proxy]:
    certificate = var / "certificate.pem"
    certificate.write_bytes(self_signed("localhost", NAME))
    proxy = Proxy(free_port(), free_port(), var, web, str(certificate))
    values = {
        "/etc/ssl/deskline/fullchain.pem": str(certificate),
        "/etc/ssl/deskline/privkey.pem": str(certificate),
        "127.0.0.1:8000": f"127.0.0.1:{web.port}",
        "/var/log/nginx/": f"{var}/",
        "listen 443 ssl": f"listen 127.0.0.1:{proxy.port} ssl",
        "listen 80": f"listen 127.0.0.1:{proxy.plain_port}",
        "listen [::]:443 ssl": f"listen 127.0.0.2:{proxy.port} ssl",
        "listen [::]:80": f"listen 127.0.0.2:{proxy.plain_port}",
    }
    text = (BASE_DIR / "deploy" / "nginx.conf").read_text()
    for ours, theirs in values.items():
        assert ours in text
        text = text.replace(ours, theirs)
    (var / "deskline.conf").write_text(text)
    (var / "nginx.conf").write_text(AROUND.format(var=var, user="" if os.geteuid() else "user root;"))
    assert NGINX
    with (var / "out.log").open("wb") as output:
        process = subprocess.Popen([NGINX, "-p", str(var), "-c", str(var / "nginx.conf")], stderr=output)
    try:
        deadline = time.monotonic() + 20
        while is_free(proxy.port):
            assert process.poll() is None, (var / "out.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield proxy
    finally:
        process.terminate()
        process.wait(20)


def test_pages_files_and_the_api_arrive(proxy):
    page = proxy.ask("/maker/login/?next=/maker/")
    assert page.status_code == 200, page.headers
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page.text)
    assert sheets
    assert {proxy.ask(sheet).status_code for sheet in sheets} == {200}
    call = {"reference": "c-1", "flow": "voice", "direction": "inbound", "started_at": "2026-03-02T09:00:00Z"}
    key = {"Authorization": f"Bearer {proxy.web.key}"}
    assert proxy.ask("/api/v1/interactions", "POST", json=call, headers=key).status_code == 201


def test_scheme_and_address_are_those_of_the_client_whatever_it_says_itself(proxy):
    lies = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "http", "Forwarded": "for=1.2.3.4"}
    seen = proxy.ask("/told", headers=lies).json()
    assert (seen["scheme"], seen["host"]) == ("https", NAME)
    assert seen["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert "Forwarded" not in seen["headers"]


def test_plain_http_is_sent_to_https(proxy):
    url = f"http://127.0.0.1:{proxy.plain_port}/maker/?a=b"
    answer = requests.get(url, headers={"Host": NAME}, timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{NAME}/maker/?a=b")


@pytest.mark.parametrize(("megabytes", "server"), [(5, None), (9, "nginx")], ids=["by Deskline", "by nginx"])
def test_a_body_that_is_too_large_is_refused(proxy, megabytes, server):
    answer = proxy.ask("/api/v1/interactions", "POST", data=b" " * megabytes * 1024 * 1024)
    assert answer.status_code == 413
    if not server:
        assert "Send fewer interactions" in answer.json()["detail"][0]["message"]


def test_events_are_passed_on_as_they_come(proxy):
    with requests.get(
        f"https://localhost:{proxy.port}/stream",
        headers={"Host": NAME},
        verify=proxy.certificate,
        stream=True,
        timeout=5,
    ) as answer:
        assert next(answer.iter_content(12)) == b"data: tick\n\n"


def test_slow_clients_of_the_proxy_hold_nobody_up(proxy):
    with (
        connected(proxy.plain_port, 100, SILENT),
        connected(proxy.plain_port, 50, HALF_A_HEAD) as heads,
        connected(proxy.plain_port, 50, HALF_A_BODY) as bodies,
        dripping(*heads, *bodies),
    ):
        began = time.monotonic()
        assert proxy.ask("/healthz").status_code == 200
        assert time.monotonic() - began < 1


def test_its_log_holds_no_query(proxy):
    proxy.ask("/told?phone=33612345678")
    until = time.monotonic() + 5  # the line is written once the answer has gone out
    while not (log := (proxy.var / "deskline.log").read_text()).endswith("\n") and time.monotonic() < until:
        time.sleep(0.05)
    assert '"GET /told" 200' in log
    assert "33612345678" not in log


def test_connections_that_idled_give_no_502(proxy):
    """Posts, which nginx never sends twice, while its pool ends connections that idled for 60 s."""

    def post(_number: int) -> int:
        return int(proxy.ask("/slow?seconds=0.1", "POST").status_code)

    with ThreadPoolExecutor(10) as people:
        assert set(people.map(post, range(10))) == {200}
        time.sleep(58)
        until = time.monotonic() + 5
        while time.monotonic() < until:
            assert set(people.map(post, range(3))) == {200}
