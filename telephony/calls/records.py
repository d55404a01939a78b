from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from telephony.calls.channels import NONE, Channel
from telephony.calls.numbers import is_withheld

CONFERENCES = ("confbridge", "meetme")
VOICEMAILS = ("voicemail", "minivm", "minivmrecord")
MENUS = ("background", "waitexten", "read", "ivr", "playback", "wait", "saydigits", "directory")
LETTER = re.compile(r"[^\W\d_]")
ESCAPED = re.compile(r'(?<!\\)\\+"')
NAMED = re.compile(r'\s*"?(?P<name>.*?)"?\s*<[^<>]*>\s*', re.DOTALL)


class Disposition(Enum):
    ANSWERED = auto()
    UNANSWERED = auto()
    BUSY = auto()
    FAILED = auto()


@dataclass(eq=False, slots=True)
class Record:
    """One channel with the one that it called or spoke with. Times are UTC, often cut to whole seconds.

    `answered`: by a person or by the telephone system; `spoken`: how long the row itself counts since then.
    """

    line: int
    started: datetime
    ended: datetime
    answered: datetime | None
    spoken: timedelta
    disposition: Disposition
    channel: Channel
    peer: Channel = NONE
    source: str = ""
    destination: str = ""
    context: str = ""
    caller_id: str = ""
    application: str = ""
    data: str = ""
    unique_id: str = ""
    linked_id: str = ""
    sequence: int = 0
    recording: str = ""
    columns: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> tuple[object, ...]:
        """An order that does not depend on where the row stood; the same row twice has one key."""
        told = self.channel.text, self.peer.text, self.unique_id, self.application, self.data
        return self.started, self.ended, self.sequence, *told

    @property
    def is_of_the_called(self) -> bool:
        """Whether the channel was called by the telephone system, rather than called it."""
        return self.application.lower().startswith("appdial")

    @property
    def is_queue(self) -> bool:
        return self.application.lower() == "queue"

    @property
    def is_conference(self) -> bool:
        return self.application.lower() in CONFERENCES

    @property
    def is_voicemail(self) -> bool:
        return self.application.lower() in VOICEMAILS

    @property
    def is_menu(self) -> bool:
        return self.application.lower() in MENUS

    @property
    def first_argument(self) -> str:
        return self.data.split(",")[0].strip()

    @property
    def caller_name(self) -> str:
        """The name of a caller id like `"Marie Curie" <+33612345678>`."""
        found = NAMED.fullmatch(self.caller_id)
        name = ESCAPED.sub('"', found["name"]).strip() if found else ""
        return name if LETTER.search(name) and "\ufffd" not in name and not is_withheld(name) else ""
