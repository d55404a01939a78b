"""Nothing outside this table is ever asked; Desk is not served from the `api_domain` of a token (zoho-facts.md 1,
2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from integrations.errors import Misconfigured
from integrations.zoho_desk import reasons
from integrations.zoho_desk.assumptions import assumed
from outbound import http
from outbound.addresses import PORTS, origin_of

BUILT_IN = Path(__file__).with_name("datacentres.json")
DEFAULT_LOCATION = "us"
NAME = re.compile(r"[A-Za-z0-9_-]{1,10}")
"""What the methods, and those who sign in, are stored with."""
BASES = ("accounts", "desk", "api_domain", "console")


@dataclass(frozen=True)
class DataCentre:
    """Bases without a trailing slash; `desk` is empty where Zoho offers none. `console`: where clients are
    registered, for those of the operator's own file that are not Zoho's.
    """

    location: str
    accounts: str
    desk: str = ""
    api_domain: str = ""
    console: str = ""


@dataclass
class DataCentres:
    """The table. `default` is the data centre of a customer who gives no address."""

    default: str = DEFAULT_LOCATION
    rows: dict[str, DataCentre] = field(default_factory=dict)

    def extend(self, table: Mapping[str, Any]) -> list[DataCentre]:
        """From a parsed file; gives the new rows. Raises Misconfigured, and then changes nothing."""
        locations = table.get("locations")
        if not isinstance(locations, Mapping):
            raise Misconfigured('The data-centre file needs an object "locations": see datacentres.json.')
        rows = [_row(str(location), row) for location, row in locations.items()]
        default = str(table.get("default") or self.default)
        if default not in {**self.rows, **{row.location: row for row in rows}}:
            raise Misconfigured('The "default" of the data-centre file is not one of its locations.')
        self.rows.update({row.location: row for row in rows})
        self.default = default
        return rows

    def get(self, location: str) -> DataCentre:
        """Raises Misconfigured."""
        try:
            return self.rows[location]
        except KeyError:
            raise Misconfigured(reasons.UNKNOWN_DATA_CENTRE) from None

    def with_desk(self, location: str) -> DataCentre:
        """Raises Misconfigured."""
        row = self.get(location)
        if not row.desk:
            raise Misconfigured(reasons.NO_DESK(location=location))
        return row

    def of_accounts_server(self, url: str) -> DataCentre:
        """The row with exactly this accounts server. A callback's parameter is anyone's to write: no guessing."""
        wanted = normal(url)
        for row in self.rows.values():
            if row.accounts == wanted:
                return row
        raise Misconfigured(reasons.UNKNOWN_ACCOUNTS_SERVER)


def normal(url: str) -> str:
    """A base URL in the one form that is compared: lower-case origin, no default port, no trailing slash."""
    url = url.strip()
    scheme, host, port = origin_of(url)
    if any(character in url for character in "?#\\"):
        raise Misconfigured("The address of a data centre holds no query: correct it.")
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}{'' if port == PORTS[scheme] else f':{port}'}{urlsplit(url).path.rstrip('/')}"


def _row(location: str, row: Any) -> DataCentre:
    if not NAME.fullmatch(location):
        raise Misconfigured(
            f"“{location[:40]}” cannot be the name of a data centre: use 1 to 10 letters, digits, - or _ in the file."
        )
    if not isinstance(row, Mapping) or not isinstance(row.get("accounts"), str):
        raise Misconfigured(f"The data centre “{location}” of the file needs an “accounts” address.")
    bases = {name: normal(str(row[name])) for name in BASES if row.get(name)}
    return DataCentre(location=location, **bases)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise Misconfigured(f"The data-centre file {path} cannot be read as a JSON object: correct it.")
    return content


table = DataCentres()
table.extend(_read(BUILT_IN))


def extend(path: str | Path) -> None:
    """Take the operator's own file (ZOHO_DATA_CENTRES). Its addresses alone may be private or plain http."""
    content = _read(Path(path))
    assumed.correct(content.get("assumed", {}))
    for row in table.extend(content):
        for base in (row.accounts, row.desk):
            if base:
                http.client.trust(base)
