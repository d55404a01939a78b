from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.config.server.running import Installation, WebServer, install, serving


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, valkey: object) -> Installation:
    return install(tmp_path_factory.mktemp("installation"))


@pytest.fixture(scope="session")
def shared_server(installation: Installation) -> Iterator[WebServer]:
    """One for all tests that leave it as they found it."""
    with serving(installation) as server:
        yield server
