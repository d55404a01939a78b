"""`python -m tests.authmethods.storm METHOD THREADS`: a process whose threads all want the token of one method at once.

It says "ready", waits for a line, and tells how many seconds each thread waited and the fingerprint of what it got.
"""

from __future__ import annotations

import json
import sys
import threading
import time

import django

from fakezoho.journal import fingerprint
from integrations.errors import IntegrationError


def main(method_id: int, number: int) -> None:
    django.setup()
    from authmethods import tokens
    from authmethods.models import AuthenticationMethod

    method = AuthenticationMethod.objects.get(pk=method_id)
    told: list[tuple[float, str]] = []
    together = threading.Barrier(number + 1)

    def want() -> None:
        together.wait()
        began = time.perf_counter()
        try:
            got = fingerprint(tokens.connect(method).token())
        except IntegrationError as error:
            got = f"{error.kind}: {error.message}"
        told.append((time.perf_counter() - began, got))

    threads = [threading.Thread(target=want) for _ in range(number)]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    together.wait()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
