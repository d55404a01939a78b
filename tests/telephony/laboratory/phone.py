"""A telephone, or a carrier: a small SIP agent on a port of its own."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from tests.telephony.laboratory.dialog import Dialog
from tests.telephony.laboratory.sip import LOOPBACK, Message, tag_of, uri_of


class Phone(threading.Thread):
    """Rings when called. `auto` may refuse in the place of the situation: ("reject", 486, "Busy Here")."""

    def __init__(self, name: str, port: int, server: int, extra: tuple[str, ...] = ()) -> None:
        super().__init__(daemon=True)
        self.name_, self.port, self.server, self.extra = name, port, server, extra
        self.contact = f"sip:{name}@{LOOPBACK}:{port}"
        self.calls: dict[str, Dialog] = {}
        self.came: list[Dialog] = []
        self.auto: tuple[Any, ...] | None = None
        self.log: list[str] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, port))
        self.start()

    def send(self, *lines: str, body: str = "", kind: str = "application/sdp") -> None:
        head = [*lines, "User-Agent: lab"]
        raw = body.encode("utf-8", "surrogateescape")
        if body:
            head.append(f"Content-Type: {kind}")
        text = "\r\n".join([*head, f"Content-Length: {len(raw)}", "", ""])
        self.socket.sendto(text.encode("utf-8", "surrogateescape") + raw, (LOOPBACK, self.server))

    def reply(
        self, to: Message, code: int, reason: str, tag: str = "", headers: Sequence[str] = (), body: str = ""
    ) -> None:
        target = to["To"] if tag_of(to["To"]) or not tag or code == 100 else f"{to['To']};tag={tag}"
        self.send(
            f"SIP/2.0 {code} {reason}",
            *[f"Via: {v}" for v in to.every("Via")],
            f"From: {to['From']}",
            f"To: {target}",
            f"Call-ID: {to['Call-ID']}",
            f"CSeq: {to['CSeq']}",
            *([] if any(h.startswith("Contact:") for h in headers) else [f"Contact: <{self.contact}>"]),
            *headers,
            body=body,
        )

    def call(self, number: str, name: str | bytes = "", user: str | None = None, headers: Sequence[str] = ()) -> Dialog:
        """Calls. `user` and `name` are the caller's, as the carrier would give them."""
        call = Dialog(self, f"{os.urandom(8).hex()}@{LOOPBACK}")
        if isinstance(name, bytes):
            name = name.decode("utf-8", "surrogateescape")
        quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '" ' if name else ""
        user = self.name_ if user is None else user
        host = user if "." in user else f"{user}@{LOOPBACK}" if user else LOOPBACK
        call.local = f"{quoted}<sip:{host}>;tag={call.tag}"
        call.target = call.request = f"sip:{number}@{LOOPBACK}:{self.server}"
        call.remote = f"<{call.target}>"
        call.send("INVITE", list(headers), call.sdp(), cseq=1)
        return call

    def expect(self, seconds: float = 15) -> Dialog:
        """The next call that comes."""
        until = time.time() + seconds
        while time.time() < until:
            if self.came:
                return self.came.pop(0)
            time.sleep(0.02)
        raise TimeoutError(f"no call came to {self.name_}")

    def run(self) -> None:
        while True:
            try:
                data, _ = self.socket.recvfrom(65535)
            except OSError:
                return
            if len(data) < 20:
                continue
            try:
                self.take(Message(data))
            except Exception as problem:  # noqa: BLE001 - a telephone goes on
                self.log.append(repr(problem))

    def take(self, m: Message) -> None:
        dialog = self.calls.get(m["Call-ID"])
        method = m["CSeq"].split()[1]
        if m.start.startswith("SIP/2.0"):
            if dialog and method == "INVITE":
                self.answered(dialog, m)
        elif method == "INVITE" and not dialog:
            self.ring(m)
        elif not dialog:
            if method != "ACK":
                self.reply(m, *((200, "OK") if method == "OPTIONS" else (481, "No such call")), "x")
        else:
            self.within(dialog, method, m)

    def answered(self, dialog: Dialog, m: Message) -> None:
        """The other side answers our INVITE."""
        code = int(m.start.split()[1])
        if code < 200:
            return
        accepted = code < 300
        if tag_of(m["To"]):
            dialog.remote = m["To"]
        if accepted:
            dialog.target = uri_of(m["Contact"]) if m["Contact"] else dialog.target
            dialog.heard(m.body)
        branch = "z9hG4bK" + os.urandom(6).hex() if accepted else dialog.branch
        self.send(
            f"ACK {dialog.target if accepted else dialog.request} SIP/2.0",
            f"Via: SIP/2.0/UDP {LOOPBACK}:{self.port};branch={branch};rport",
            "Max-Forwards: 70",
            f"From: {dialog.local}",
            f"To: {m['To']}",
            f"Call-ID: {dialog.id}",
            f"CSeq: {m['CSeq'].split()[0]} ACK",
            *self.extra,
        )
        if dialog.up.is_set():
            return
        if accepted:
            dialog.answered = time.time()
            dialog.up.set()
        else:
            dialog.end()

    def ring(self, m: Message) -> None:
        """Somebody calls this telephone."""
        dialog = Dialog(self, m["Call-ID"])
        dialog.incoming, dialog.invite = True, m
        dialog.local, dialog.remote = f"{m['To']};tag={dialog.tag}", m["From"]
        dialog.target = uri_of(m["Contact"])
        dialog.heard(m.body)
        self.reply(m, 100, "Trying")
        if self.auto and self.auto[0] == "reject":
            dialog.reject(*self.auto[1:])
            return
        self.reply(m, 180, "Ringing", dialog.tag)
        self.came.append(dialog)

    def within(self, dialog: Dialog, method: str, m: Message) -> None:
        """The other side asks for something in a call that is there."""
        if method == "ACK" or (method == "INVITE" and not tag_of(m["To"])):
            return  # an INVITE that was sent again
        if method == "INVITE":
            dialog.heard(m.body)
            self.reply(m, 200, "OK", body=dialog.sdp())
        elif method == "CANCEL":
            self.reply(m, 200, "OK", dialog.tag)
            if not dialog.up.is_set():
                dialog.reply(487, "Request Terminated")
                dialog.end()
        else:
            self.reply(m, 200, "OK")
            if method == "BYE":
                dialog.end()
