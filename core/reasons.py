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
        if not self.code:
            return {}
        kept: dict[str, object] = {}
        for name, value in self.values.items():
            if isinstance(value, Reason):
                kept[name] = {"code": value.code, "values": value.stored(), "text": str(value)[:LONGEST]}
            else:
                kept[name] = value[:LONGEST]
        return kept


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
    if filled(code, values, str) != text:
        return text
    return filled(code, values, translate) or text


def filled(code: str, values: Mapping[str, object], translate: Callable[[str], str]) -> str | None:
    """Return the text of a code in another language; None where it is unknown or the values do not fit."""
    template = _texts.get(code)
    if template is None:
        return None
    texts: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            inner = filled(str(value.get("code")), value.get("values") or {}, translate)
            texts[name] = inner or str(value.get("text", ""))
        else:
            texts[name] = str(value)
    try:
        return translate(template).format(**texts)[:LONGEST]
    except (KeyError, IndexError, ValueError):
        return None
