"""Why something is as it is: a code and values, kept beside the text to filter, to group and to translate it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

LONGEST = 500
"""Characters of a text, and of one value, that are kept."""
Values = Mapping[str, "str | Reason"]


@dataclass(frozen=True)
class Reason:
    """Fill a declared one by calling it: `HIDDEN(fields="subject")`. Never a secret, nothing of a customer."""

    code: str
    text: str
    values: Values = field(default_factory=dict)

    def __call__(self, **values: str | Reason) -> Reason:
        return replace(self, values=values)

    def __str__(self) -> str:
        return self.text.format(**self.values)

    def stored(self) -> dict[str, object]:
        return {name: _stored(value) for name, value in self.values.items()} if self.code else {}


_texts: dict[str, str] = {}


def declare(code: str, text: str) -> Reason:
    """Return a new reason; `text` names its values in braces. Raises ValueError where the code is taken."""
    if code in _texts:
        raise ValueError(f"The reason {code} is declared already.")
    _texts[code] = text
    return Reason(code, text)


def plain(text: str | Reason) -> Reason:
    return text if isinstance(text, Reason) else Reason("", "{text}", {"text": text})


def columns(reason: Reason | str, name: str = "reason") -> dict[str, object]:
    known = plain(reason)
    return {name: str(known)[:LONGEST], f"{name}_code": known.code, f"{name}_values": known.stored()}


def declared() -> dict[str, str]:
    return dict(_texts)


def rendered(text: str, code: str, values: Mapping[str, object], translate: Callable[[str], str]) -> str:
    """Translate what was kept, or return it as it is where another version (both run in an upgrade) wrote it."""
    if _filled(code, values, str) != text:
        return text
    return _filled(code, values, translate) or text


def _filled(code: str, values: Mapping[str, object], translate: Callable[[str], str]) -> str | None:
    template = _texts.get(code)
    if template is None:
        return None
    filled = {name: _inner(value, translate) for name, value in values.items()}
    try:
        return translate(template).format(**filled)[:LONGEST]
    except (KeyError, IndexError, ValueError):
        return None


def _inner(value: object, translate: Callable[[str], str]) -> str:
    if isinstance(value, Mapping):
        return _filled(str(value.get("code")), value.get("values") or {}, translate) or str(value.get("text", ""))
    return str(value)


def _stored(value: str | Reason) -> object:
    if isinstance(value, Reason):
        return {"code": value.code, "values": value.stored(), "text": str(value)[:LONGEST]}
    return value[:LONGEST]
