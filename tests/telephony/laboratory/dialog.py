"""One call as its telephone sees it."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.telephony.laboratory.media import SILENCE
from tests.telephony.laboratory.sip import LOOPBACK, Message, tag_of

if TYPE_CHECKING:
    from tests.telephony.laboratory.phone import Phone


class Dialog:
    """One dialog, seen from the telephone."""

    def __init__(self, phone: Phone, call_id: str) -> None:
        self.phone, self.id, self.tag = phone, call_id, os.urandom(4).hex()
        self.cseq, self.held, self.incoming = 1, False, False
        self.local = self.remote = self.target = self.branch = ""
        self.invite: Message | None = None
        self.request = ""
        self.began = time.time()
        self.answered: float | None = None
        self.ended: float | None = None
        self.up, self.over = threading.Event(), threading.Event()
        self.there: tuple[str, int] | None = None
        self.ssrc = os.urandom(4)
        self.media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.media.bind((LOOPBACK, 0))
        SILENCE.calls.append(self)
        phone.calls[call_id] = self

    def sdp(self, way: str = "sendrecv") -> str:
        port = self.media.getsockname()[1]
        return (
            f"v=0\r\no=- 1 {self.cseq} IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na={way}\r\n"
        )

    def heard(self, body: str) -> None:
        port = re.search(r"^m=audio (\d+)", body, re.M)
        if port:
            self.there = (LOOPBACK, int(port[1]))

    def send(
        self,
        method: str,
        headers: Sequence[str] = (),
        body: str = "",
        kind: str = "application/sdp",
        cseq: int | None = None,
    ) -> int:
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        branch = "z9hG4bK" + os.urandom(6).hex()
        if method == "INVITE":
            self.branch = branch
        self.phone.send(
            f"{method} {self.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {LOOPBACK}:{self.phone.port};branch={branch};rport",
            "Max-Forwards: 70",
            f"From: {self.local}",
            f"To: {self.remote}",
            f"Call-ID: {self.id}",
            f"CSeq: {cseq} {method}",
            f"Contact: <{self.phone.contact}>",
            *self.phone.extra,
            *headers,
            body=body,
            kind=kind,
        )
        return cseq

    def bye(self) -> Dialog:
        if not self.over.is_set():
            self.send("BYE")
            self.end()
        return self

    def cancel(self) -> Dialog:
        """Hangs up before the answer."""
        via = f"Via: SIP/2.0/UDP {LOOPBACK}:{self.phone.port};branch={self.branch};rport"
        self.phone.send(
            f"CANCEL {self.request} SIP/2.0",
            via,
            "Max-Forwards: 70",
            f"From: {self.local}",
            f"To: {self.remote}",
            f"Call-ID: {self.id}",
            "CSeq: 1 CANCEL",
            *self.phone.extra,
        )
        self.ended = time.time()
        self.over.wait(3)
        return self

    def hold(self, on: bool = True) -> None:
        self.held = on
        self.send("INVITE", body=self.sdp("sendonly" if on else "sendrecv"))
        time.sleep(0.2)

    def dtmf(self, digits: str) -> None:
        for digit in digits:
            self.send("INFO", body=f"Signal={digit}\r\nDuration=160\r\n", kind="application/dtmf-relay")
            time.sleep(0.35)

    def refer(self, number: str, replaces: Dialog | None = None) -> None:
        """Transfers: blind, or to the other end of another call of this telephone."""
        to = f"sip:{number}@{LOOPBACK}:{self.phone.server}"
        if replaces:
            remote, local = tag_of(replaces.remote), tag_of(replaces.local)
            to += f"?Replaces={replaces.id.replace('@', '%40')}%3Bto-tag%3D{remote}%3Bfrom-tag%3D{local}"
        self.send("REFER", [f"Refer-To: <{to}>", f"Referred-By: <{self.phone.contact}>"])

    def reply(self, code: int, reason: str, headers: Sequence[str] = (), body: str = "") -> None:
        assert self.invite is not None
        self.phone.reply(self.invite, code, reason, self.tag, headers, body)

    def answer(self) -> Dialog:
        self.answered = time.time()
        self.reply(200, "OK", body=self.sdp())
        self.up.set()
        return self

    def reject(self, code: int = 486, reason: str = "Busy Here", headers: Sequence[str] = ()) -> Dialog:
        self.reply(code, reason, headers)
        self.end()
        return self

    def end(self) -> None:
        self.ended = self.ended or time.time()
        self.over.set()

    def wait_up(self, seconds: float = 15) -> bool:
        for _ in range(int(seconds * 50)):
            if self.up.is_set() or self.over.is_set():
                break
            time.sleep(0.02)
        return self.up.is_set()

    def wait_over(self, seconds: float = 20) -> bool:
        return self.over.wait(seconds)
