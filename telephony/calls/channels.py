"""Names of channels, as Asterisk writes them: `PJSIP/201-0000001f`, `Local/201@from-queue-00000000;1`."""

from __future__ import annotations

import re
from typing import NamedTuple

NAME = re.compile(r"(?P<technology>[A-Za-z0-9]+)/(?P<who>.*?)(?:-[0-9a-fA-F]+)?(?P<half>;[12])?", re.DOTALL)


class Channel(NamedTuple):
    """One end of a call. Its text names it once until the telephone system restarts."""

    text: str
    technology: str
    who: str
    """The telephone, the trunk, or the number that a Local channel calls."""
    half: str
    """Of a Local channel: `1` faces whoever dialled it, `2` calls on."""

    @property
    def is_local(self) -> bool:
        return self.technology == "Local"

    @property
    def pair(self) -> str:
        """What both halves of a Local channel share."""
        return self.text.removesuffix(";1").removesuffix(";2")


NONE = Channel("", "", "", "")


def channel(text: str) -> Channel:
    found = NAME.fullmatch(text)
    if not found:
        return NONE._replace(text=text)
    technology = "Local" if found["technology"].lower() == "local" else found["technology"].upper()
    return Channel(text, technology, found["who"].partition("@")[0], (found["half"] or "")[1:])
