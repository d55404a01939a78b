from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from tqdm import tqdm

from demo.journey.browser import StepFailed
from demo.journey.source import Source
from demo.journey.traffic import Planned

PATIENCE_SECONDS = 600
"""Without any progress. A killed worker is missed after a minute, and what it may have written is looked for until
Zoho's lists can be trusted, before anything is written again."""
ENDED_ELSEWHERE = ("dead", "waiting", "skipped")
"""States that a delivery does not leave by itself."""
PLAIN_LINES = 10


class Progress:
    def __init__(self, total: int, say: Callable[[str], None]) -> None:
        self.total = total
        self.say = say
        self.told = 0
        self.bar = tqdm(total=total, unit=" written", leave=False, disable=not sys.stderr.isatty())

    def show(self, done: int) -> None:
        self.bar.update(done - self.bar.n)
        tenth = done * PLAIN_LINES // self.total
        if self.bar.disable and tenth > self.told:
            self.told = tenth
            self.say(f"     {done} of {self.total} written")

    def close(self) -> None:
        self.bar.close()


def until_written(source: Source, planned: Sequence[Planned], say: Callable[[str], None]) -> list[str]:
    """Return once every delivery has ended; gives a line for each that did not end in Zoho. Raises StepFailed."""
    left, troubles = list(planned), []
    progress = Progress(len(left), say)
    last = time.monotonic()
    try:
        while left:
            rows = {item.reference: source.deliveries(item) for item in left}
            troubles += [
                f"{reference}: {row['state']}, {row['reason']}"
                for reference, found in rows.items()
                for row in found
                if row["state"] in ENDED_ELSEWHERE
            ]
            before, left = len(left), [item for item in left if not _has_ended(rows[item.reference])]
            last = time.monotonic() if len(left) < before else last
            if time.monotonic() - last > PATIENCE_SECONDS:
                raise StepFailed(
                    f"{len(left)} interactions are not written, and nothing moves.", look="Maker > Deliveries"
                )
            progress.show(len(planned) - len(left))
            time.sleep(0.5 if left else 0)
    finally:
        progress.close()
    return troubles


def _has_ended(rows: Sequence[dict[str, str]]) -> bool:
    if not rows:
        raise StepFailed("No rule matched an interaction of the demo.", look="Maker > CRM v2, Assign interactions")
    return all(row["state"] in ("delivered", *ENDED_ELSEWHERE) for row in rows)
