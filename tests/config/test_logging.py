from __future__ import annotations

import subprocess
import sys

SPOKEN = """
import django, logging
django.setup()
logging.getLogger("anything").warning("asked with Zoho-oauthtoken 1000.%s.cafe", "ab" * 16)
try:
    raise ValueError("client_secret=the-canary")
except ValueError:
    logging.getLogger("anything").exception("failed")
"""

ASKED = """
import django, sys
django.setup()
from time import process_time
from django.test import Client
strangers = Client(enforce_csrf_checks=True)
strangers.get("/nowhere")
begun = process_time()
for run in ("/", "://", "://a:", "/@"):
    text = run * (60_000 // len(run)) + "x"
    assert strangers.get("/" + text).status_code == 404
    assert strangers.get("/", headers={"Host": text}).status_code == 400
    assert strangers.post("/maker/login/", headers={"Origin": text}).status_code == 403
print(process_time() - begun)
"""


def test_no_secret_passes_the_log_of_a_real_process():
    process = subprocess.run([sys.executable, "-c", SPOKEN], capture_output=True, text=True, check=True)
    assert "Zoho-oauthtoken [redacted]" in process.stderr
    assert "Traceback" in process.stderr
    assert "abab" not in process.stderr
    assert "the-canary" not in process.stderr


def test_no_request_of_a_stranger_makes_the_log_work_long():
    process = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    assert float(process.stdout) < 3
    lines = process.stderr.splitlines()
    assert [kind for kind in ("Not Found", "Invalid HTTP_HOST", "Origin checking") if kind not in process.stderr] == []
    assert max(map(len, lines)) < 10_000
    assert "more characters" in process.stderr


REFUSED = """
import django
django.setup()
from django.test import Client
strangers = Client(enforce_csrf_checks=True)
assert strangers.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
assert strangers.post("/maker/login/").status_code == 403
assert strangers.get("/nowhere").status_code == 404
"""


def test_a_refused_request_is_one_line_of_the_log():
    process = subprocess.run([sys.executable, "-c", REFUSED], capture_output=True, text=True, check=True)
    assert "Traceback" not in process.stderr
    assert len(process.stderr.splitlines()) <= 3 + 1  # Django tells of a wrong Host twice
