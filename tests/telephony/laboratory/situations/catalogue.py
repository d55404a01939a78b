"""The situations by name, and what each has at hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.telephony.laboratory.ami import Ami
from tests.telephony.laboratory.dialog import Dialog
from tests.telephony.laboratory.pbx import Pbx
from tests.telephony.laboratory.truth import CUSTOMER, Truth

ONE_MEMBER_QUEUE = "602"


class Laboratory:
    """The carrier, the telephones, AMI with its events since the beginning, and a listener that keeps all bytes."""

    def __init__(self, pbx: Pbx, keep: Path | None) -> None:
        self.pbx, self.trunk, self.p = pbx, pbx.trunk, pbx.phones
        self.keep = keep
        self.ami, self.listener = Ami(pbx.ami_port), Ami(pbx.ami_port, keep=keep)

    def inbound(self, did: str, user: str = CUSTOMER, name: str | bytes = "", headers: Sequence[str] = ()) -> Dialog:
        return self.trunk.call("33199000" + did, name, user, headers)

    def called(self, number: str) -> Dialog:
        """The call that comes to this extension, to the only member of queue 602 (203), or to the carrier."""
        if number in self.p or number == ONE_MEMBER_QUEUE:
            return self.p["203" if number == ONE_MEMBER_QUEUE else number].expect()
        return self.trunk.expect()

    def channel(self, like: str) -> str:
        """The channel of a telephone, newest first."""
        for one in reversed(self.ami.events):
            if one.get("Event") == "Newchannel" and one.get("Channel", "").startswith(like):
                return one["Channel"]
        return ""

    def reconnect(self) -> None:
        """The listener loses its connection and comes back a second later."""
        self.listener.close()
        time.sleep(1)
        self.listener = Ami(self.pbx.ami_port, keep=self.keep)

    def again(self) -> None:
        """After Asterisk began anew."""
        self.close()
        self.pbx.ready()
        self.ami, self.listener = Ami(self.pbx.ami_port), Ami(self.pbx.ami_port, keep=self.keep)

    def close(self) -> None:
        self.ami.close()
        self.listener.close()


class Situation(NamedTuple):
    """`cdr_alone`: what a CDR cannot tell of it."""

    drive: Callable[[Laboratory], list[Truth]]
    what: str
    cdr_alone: str


SITUATIONS: dict[str, Situation] = {}


def situation(name: str, what: str, cdr_alone: str = ""):
    def keep(drive):
        SITUATIONS[name] = Situation(drive, what, cdr_alone)
        return drive

    return keep
