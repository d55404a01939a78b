"""What an answer of the token endpoint looks like, without what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.zoho_desk import errors
from integrations.zoho_desk.token_errors import NAME
from outbound.http import Answer, Client

TOKEN_PATH = "/oauth/v2/token"  # noqa: S105 - an address


@dataclass(frozen=True)
class Shape:
    """A token answer, its secrets left out. Lives are in what Zoho wrote, None where it wrote no whole number."""

    status: int
    error: str
    has_refresh_token: bool
    expires_in: int | None
    expires_in_sec: int | None
    separator: str
    scopes: tuple[str, ...]
    api_domain: str

    @property
    def said(self) -> str:
        return " ".join(part for part in (str(self.status), self.error) if part)


def shape_of(answer: Answer) -> Shape:
    body = errors.body_of(answer) or {}
    error, domain, scope = body.get("error"), body.get("api_domain"), str(body.get("scope") or "")
    return Shape(
        status=answer.status,
        error=error if isinstance(error, str) and NAME.fullmatch(error) else "",
        has_refresh_token=bool(body.get("refresh_token")),
        expires_in=_whole(body, "expires_in"),
        expires_in_sec=_whole(body, "expires_in_sec"),
        separator=_separator(scope),
        scopes=tuple(scope.replace(",", " ").split()),
        api_domain=domain.rstrip("/").lower() if isinstance(domain, str) else "",
    )


class Watched(Client):
    """Sends through another client, and remembers the shape of the newest token answer."""

    def __init__(self, inner: Client) -> None:
        super().__init__()
        self.inner = inner
        self.shape: Shape | None = None

    def send(self, method: str, url: str, **given: Any) -> Answer:
        answer = self.inner.send(method, url, **given)
        if url.endswith(TOKEN_PATH):
            self.shape = shape_of(answer)
        return answer


def _whole(body: Mapping[str, Any], name: str) -> int | None:
    value = str(body.get(name))
    return int(value) if value.isdecimal() and len(value) < 12 else None


def _separator(scopes: str) -> str:
    return next((name for mark, name in ((",", "comma"), (" ", "space")) if mark in scopes), "none")
