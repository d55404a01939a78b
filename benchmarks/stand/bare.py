"""The yardstick: a loop that sends the same requests and does nothing else, from threads of one process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import requests

from benchmarks.stand.processes import ROOT

if TYPE_CHECKING:
    from crm.models import CRM


def per_second(crm: CRM, *, threads: int, calls: int) -> float:
    """Calls a second, written into the CRM's portal."""
    from authmethods import tokens
    from crm.stores.vendor import open_vendor
    from integrations.zoho_desk import datacentres

    assert crm.method is not None
    connection = tokens.connect(crm.method)
    contact = open_vendor(crm, foreground=True).create(crm.crm_objects.get(is_card=True), {"lastName": "Bare"})
    work = {
        "url": f"{datacentres.table.get(connection.location).desk}/api/v1/calls",
        "headers": {"Authorization": f"Zoho-oauthtoken {connection.token()}", "orgId": connection.organisation_id},
        "threads": threads,
        "calls": calls,
        "body": {
            "contactId": contact.id, "departmentId": crm.department_id, "subject": "Bare",
            "startTime": "2026-11-23T09:30:00.000Z", "direction": "inbound", "duration": "60", "status": "Completed",
        },
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stand.bare"], input=json.dumps(work), cwd=ROOT, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    return calls / float(done.stdout)


def loop(work: dict[str, Any]) -> float:
    """Seconds for all."""

    def send(_thread: int) -> None:
        with requests.Session() as session:
            session.trust_env = False
            for _ in range(work["calls"] // work["threads"]):
                session.post(work["url"], headers=work["headers"], json=work["body"], timeout=30).raise_for_status()

    with ThreadPoolExecutor(work["threads"]) as threads:
        began = time.perf_counter()
        list(threads.map(send, range(work["threads"])))
        return time.perf_counter() - began


if __name__ == "__main__":
    print(loop(json.loads(sys.stdin.read())))
