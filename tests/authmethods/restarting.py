"""A local Zoho that goes down and comes back with what it knew, and forgets nothing of what it was asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fakezoho.serve import StandIn
from tests.zoho import Zoho


class RestartingZoho(Zoho):
    """One address, one state file and one journal, whatever lies between."""

    def __init__(self, state: Path) -> None:
        super().__init__(StandIn(state=state).start())
        self.state = state
        self.is_up = True
        self._past: list[dict[str, Any]] = []

    def go_down(self) -> None:
        """Stop serving: connections are refused from now on."""
        self._past = self.journal()
        self.stand_in.stop()
        self.is_up = False

    def come_back(self) -> None:
        """Serve again at the same address, from the state file, with the same knobs and clock."""
        old = self.stand_in
        self.stand_in = StandIn(port=old.port, state=self.state).start()
        self.stand_in.set_knobs(**vars(old.world.knobs))
        self.is_up = True

    def begin_anew(self) -> None:
        """Up, and as at the seed, with an empty journal."""
        if not self.is_up:
            self.come_back()
        self.stand_in.reset()
        self._past = []

    def journal(self) -> list[dict[str, Any]]:
        """All that was asked since the beginning, oldest first."""
        return [*self._past, *(self.stand_in.journal() if self.is_up else [])]

    def end(self) -> None:
        if self.is_up:
            self.stand_in.stop()
