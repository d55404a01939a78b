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


def test_no_secret_passes_the_log_of_a_real_process():
    process = subprocess.run([sys.executable, "-c", SPOKEN], capture_output=True, text=True, check=True)
    assert "Zoho-oauthtoken [redacted]" in process.stderr
    assert "Traceback" in process.stderr
    assert "abab" not in process.stderr
    assert "the-canary" not in process.stderr
