"""Names of channels, as Asterisk writes them: `PJSIP/201-0000001f`, `Local/201@from-queue-00000000;1`."""

from __future__ import annotations

from typing import NamedTuple

IS_HEXADECIMAL = frozenset("0123456789abcdefABCDEF").issuperset


class Channel(NamedTuple):
    """One end of a call. Its text names it once until the telephone system restarts."""

    text: str
    technology: str
    who: str
    """The telephone, the trunk, or the number that a Local channel calls."""
    half: str
    """Of a Local channel: `1` faces whoever dialled it, `2` calls on."""
    pair: str
    """What both halves of a Local channel share; the text of any other. Empty where no number tells it from others."""

    @property
    def is_local(self) -> bool:
        return self.technology == "Local"


NONE = Channel("", "", "", "", "")


def channel(text: str) -> Channel:
    technology, _, rest = text.partition("/")
    if not technology.isalnum() or not rest:
        return NONE._replace(text=text)
    half = rest[-1] if rest.endswith((";1", ";2")) else ""
    pair = text[:-2] if half else text
    who, dash, number = (rest[:-2] if half else rest).rpartition("-")
    if not dash or not IS_HEXADECIMAL(number):
        who, pair = f"{who}{dash}{number}", ""
    technology = "Local" if technology.lower() == "local" else technology.upper()
    return Channel(text, technology, who.partition("@")[0], half, pair)
