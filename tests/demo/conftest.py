from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.stack import plan as planning


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A var/ of its own for the launcher's modules."""
    monkeypatch.setattr(planning, "VAR", tmp_path / "var")
    return tmp_path / "var"


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]
