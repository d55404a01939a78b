"""What will run where: ports and addresses from the environment, files in var/."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.paths import VAR
from demo.stack import local

PORTS = {"PORT": 8000, "FAKEZOHO_PORT": 8100, "VALKEY_PORT": 6390}


class CannotStart(Exception):
    """Why nothing was started, as a sentence that says what to do."""


@dataclass(frozen=True)
class Plan:
    """Ports, whether Redis is ours, and the values that every part reads from var/running.env."""

    var: Path
    ports: Mapping[str, int]
    values: Mapping[str, str] = field(repr=False)
    keys: Mapping[str, str] = field(repr=False)
    own_valkey: bool

    @property
    def public_url(self) -> str:
        return self.values["PUBLIC_URL"]

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
        """Those on which something of ours will listen."""
        ours = {"PORT": True, "FAKEZOHO_PORT": self.own_zoho, "VALKEY_PORT": self.own_valkey}
        return {name: port for name, port in self.ports.items() if ours[name]}

    @property
    def zoho_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['FAKEZOHO_PORT']}"

    @property
    def logs(self) -> Path:
        return self.var / "log"


def make(environment: Mapping[str, str] = os.environ) -> Plan:
    """Read the environment and the keys of this machine (made the first time). Raises CannotStart."""
    ports = {name: _port(name, environment.get(name, ""), default) for name, default in PORTS.items()}
    if len(set(ports.values())) < len(ports):
        raise CannotStart(
            f"{', '.join(PORTS)} must be three different ports, not {', '.join(map(str, ports.values()))}."
        )
    own_valkey = not environment.get("REDIS_URL")
    keys = local.keys(VAR)
    made = {
        "PUBLIC_URL": f"http://127.0.0.1:{ports['PORT']}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "REDIS_URL": f"redis://:{keys['VALKEY_PASSWORD']}@127.0.0.1:{ports['VALKEY_PORT']}/0",
        "ZOHO_DATA_CENTRES": str(VAR / "zoho-datacentres.json"),
    }
    given = {name: environment[name] for name in (*made, "DATABASE_URL") if environment.get(name)}
    if "PUBLIC_URL" in given:
        made.pop("ALLOWED_HOSTS")
    if not ports["FAKEZOHO_PORT"]:
        made.pop("ZOHO_DATA_CENTRES")
    numbers = {name: str(port) for name, port in ports.items()}
    return Plan(VAR, ports, {**numbers, **made, **given}, keys, own_valkey)


def _port(name: str, text: str, default: int) -> int:
    if not text:
        return default
    if text == "0" and name == "FAKEZOHO_PORT":
        return 0
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"{name} must be a port between 1 and 65535, not {text!r}.")
    return int(text)
