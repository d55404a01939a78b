"""Silence that telephones send: what Asterisk records is then as long as the call."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.telephony.laboratory.dialog import Dialog


class Silence(threading.Thread):
    """Sends silence for every call of the process, fifty packets a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.calls: list[Dialog] = []

    def run(self) -> None:
        sequence, due = 0, time.monotonic()
        while True:
            sequence += 1
            for call in list(self.calls):
                if call.over.is_set():
                    self.calls.remove(call)
                    call.media.close()
                elif call.there and not call.held:
                    head = (
                        b"\x80\x00"
                        + (sequence & 0xFFFF).to_bytes(2, "big")
                        + (sequence * 160 & 0xFFFFFFFF).to_bytes(4, "big")
                        + call.ssrc
                    )
                    with contextlib.suppress(OSError):
                        call.media.sendto(head + b"\xff\x7f" * 80, call.there)
            due += 0.02
            time.sleep(max(0, due - time.monotonic()))


SILENCE = Silence()
