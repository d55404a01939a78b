"""The traffic: posted through the public API, written by Celery, and counted in Zoho."""

from __future__ import annotations

import time
from collections.abc import Callable

from demo.journey import evidence, telephone_file, traffic
from demo.journey.browser import StepFailed
from demo.journey.evidence import Evidence
from demo.journey.source import Source
from demo.journey.traveller import Traveller
from demo.journey.waiting import until_written


def run(traveller: Traveller, count: int, say: Callable[[str], None]) -> Evidence:
    run_name = f"demo-{int(time.time())}"
    planned = traffic.plan(count, run_name)
    source = Source(traveller.system.url, traveller.api_key)
    started = time.monotonic()
    say(f"     Posting {count} interactions, one of them twice ...")
    for _ in source.post(planned):
        pass
    late = [item for item in planned if item.late_recording]
    for item in late[::2]:
        source.add_recording(item)
    say("     Celery writes them ...")
    troubles = until_written(source, planned, say)
    if late[1::2]:
        say(f"     {len(late)} recordings arrive later, half of them only now ...")
        for item in late[1::2]:
            source.add_recording(item)
        troubles += until_written(source, late, say)
    imported = telephone_file.run(traveller, run_name, say)
    for trouble in troubles:
        say(f"     Not written: {trouble}")
    for what, references in imported.differences.items():
        say(f"     Of the telephone system's file, {what}: {', '.join(references)}")
    if imported.differences:
        raise StepFailed("The telephone system's file did not become what it says.")
    say(f"     Its {imported.found} calls are in Zoho as they were: direction, customer and conversation.")
    say(f"     Done after {time.monotonic() - started:.1f} s. Reading from Zoho ...")
    return evidence.gather(traveller.system, planned)
