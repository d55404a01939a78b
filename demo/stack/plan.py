"""What will run where: ports and addresses from the environment, files in var/."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.paths import VAR
from config.variables import CannotBeRead, Variables
from demo.stack import local

PORTS = {"PORT": 8000, "FAKEZOHO_PORT": 8100, "VALKEY_PORT": 6390}
GIVEN = ("PUBLIC_URL", "ALLOWED_HOSTS", "REDIS_URL", "ZOHO_DATA_CENTRES", "DATABASE_URL")
"""What the environment may give in place of our own parts."""


class CannotStart(Exception): ...


@dataclass(frozen=True)
class Plan:
    """Ports, whether Redis is ours, and the values that every part reads from var/running.env."""

    var: Path
    ports: Mapping[str, int]
    values: Mapping[str, str] = field(repr=False)
    keys: Mapping[str, str] = field(repr=False)
    own_valkey: bool
    public_url: str
    redis_url: str = field(repr=False)
    reloads: bool = False
    """RELOAD=1: every part of ours starts anew when the code changes."""

    @property
    def health_url(self) -> str:
        """The web server itself, whatever stands in front of PUBLIC_URL."""
        return f"http://127.0.0.1:{self.ports['PORT']}/healthz"

    @property
    def own_zoho(self) -> bool:
        """FAKEZOHO_PORT=0 leaves the local Zoho out: then Zoho's real addresses apply."""
        return self.ports["FAKEZOHO_PORT"] > 0

    @property
    def own_ports(self) -> dict[str, int]:
        ours = {"PORT": True, "FAKEZOHO_PORT": self.own_zoho, "VALKEY_PORT": self.own_valkey}
        return {name: port for name, port in self.ports.items() if ours[name]}

    @property
    def zoho_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['FAKEZOHO_PORT']}"

    @property
    def logs(self) -> Path:
        return self.var / "log"


def make(environment: Mapping[str, str] = os.environ, keys: Mapping[str, str] | None = None) -> Plan:
    """The keys of this machine are made the first time. Raises CannotStart."""
    ports = {name: _port(name, environment.get(name, ""), default) for name, default in PORTS.items()}
    if len(set(ports.values())) < len(ports):
        raise CannotStart(
            f"{', '.join(PORTS)} must be three different ports, not {', '.join(map(str, ports.values()))}."
        )
    try:
        keys = local.keys(VAR, environment) if keys is None else keys
        given = {name: value for name in GIVEN if (value := Variables(environment).get(name))}
    except CannotBeRead as wrong:
        raise CannotStart(str(wrong)) from None
    made = _made(ports, keys.get("VALKEY_PASSWORD", ""), given)
    numbers = {name: str(port) for name, port in ports.items()}
    # The path of a file, and not the secret in it, is what other commands find.
    paths = {f"{name}_FILE": environment.get(f"{name}_FILE", "") for name in given}
    files = {name: str(Path(path).absolute()) for name, path in paths.items() if path}
    told = {name: value for name, value in (made | given).items() if f"{name}_FILE" not in files}
    addresses = made | given
    return Plan(
        VAR, ports, numbers | told | files, keys, "REDIS_URL" not in given,
        public_url=addresses["PUBLIC_URL"], redis_url=addresses["REDIS_URL"], reloads=environment.get("RELOAD") == "1",
    )  # fmt: skip


def _made(ports: Mapping[str, int], password: str, given: Mapping[str, str]) -> dict[str, str]:
    made = {
        "PUBLIC_URL": f"http://127.0.0.1:{ports['PORT']}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "REDIS_URL": f"redis://:{password}@127.0.0.1:{ports['VALKEY_PORT']}/0",
        "ZOHO_DATA_CENTRES": str(VAR / "zoho-datacentres.json"),
    }
    if "PUBLIC_URL" in given:
        made.pop("ALLOWED_HOSTS")
    if not ports["FAKEZOHO_PORT"]:
        made.pop("ZOHO_DATA_CENTRES")
    return made


def _port(name: str, text: str, default: int) -> int:
    if not text:
        return default
    if text == "0" and name == "FAKEZOHO_PORT":
        return 0
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"{name} must be a port between 1 and 65535, not {text!r}.")
    return int(text)
