"""A connection to the Asterisk Manager Interface."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
import time
from pathlib import Path

from tests.telephony.laboratory.sip import LOOPBACK


class Ami(threading.Thread):
    """Signs in by MD5 challenge; keeps every byte that comes in `raw`."""

    def __init__(
        self, port: int, user: str = "lab", secret: str = "lab-only", keep: Path | None = None, events: str = "on"
    ) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_connection((LOOPBACK, port), 5)
        self.socket.settimeout(None)
        self.raw = keep.open("ab") if keep else None
        self.events: list[dict[str, str]] = []
        self.replies: dict[str, dict[str, str]] = {}
        self.count, self.lock, self.buffer, self.alive = 0, threading.Lock(), b"", True
        self._line()  # the banner
        self.start()
        challenge = self.action("Challenge", AuthType="MD5")["Challenge"]
        key = hashlib.md5((challenge + secret).encode(), usedforsecurity=False).hexdigest()
        self.action("Login", AuthType="MD5", Username=user, Key=key, Events=events)

    def _keep(self, data: bytes) -> bytes:
        if self.raw and data:
            self.raw.write(data)
            self.raw.flush()
        return data

    def _line(self) -> str:
        while b"\r\n" not in self.buffer:
            self.buffer += self._keep(self.socket.recv(65536))
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line.decode()

    def run(self) -> None:
        while True:
            while b"\r\n\r\n" not in self.buffer:
                try:
                    data = self._keep(self.socket.recv(65536))
                except OSError:
                    data = b""
                if not data:
                    self.alive = False
                    return
                self.buffer += data
            block, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            block_fields: dict[str, str] = {}
            for line in block.decode("utf-8", "surrogateescape").split("\r\n"):
                name, _, value = line.partition(": ")
                block_fields[name] = value if name not in block_fields else f"{block_fields[name]}\n{value}"
            if "Response" in block_fields and "ActionID" in block_fields:
                self.replies[block_fields["ActionID"]] = block_fields
            else:
                self.events.append(block_fields)

    def action(self, name: str, wait: float = 5, **fields: str | list[str]) -> dict[str, str]:
        with self.lock:
            self.count += 1
            me = f"lab-{self.count}"
            lines = [f"Action: {name}", f"ActionID: {me}"]
            for key, value in fields.items():
                lines += [f"{key}: {one}" for one in (value if isinstance(value, list) else [value])]
            self.socket.sendall(("\r\n".join([*lines, "", ""])).encode())
        until = time.time() + wait
        while time.time() < until:
            if me in self.replies:
                return self.replies.pop(me)
            if not self.alive:
                break
            time.sleep(0.01)
        return {"Response": "none"}

    def wait(self, event: str, seconds: float = 10, start: int = 0, **fields: str) -> dict[str, str]:
        """The first event of this name since `start` whose fields begin so."""
        until = time.time() + seconds
        while time.time() < until:
            for one in self.events[start:]:
                if one.get("Event") == event and all(one.get(k, "").startswith(v) for k, v in fields.items()):
                    return one
            time.sleep(0.02)
        return {}

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
