from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from fakezoho.__main__ import main
from fakezoho.serve import StandIn

ROOT = Path(__file__).parents[2]


def test_a_taken_port_is_named_with_the_variable_that_changes_it(zoho, capsys):
    with pytest.raises(OSError, match=f"port {zoho.port}.*FAKEZOHO_PORT"):
        StandIn(port=zoho.port)
    assert main(["--port", str(zoho.port)]) == 1
    assert "FAKEZOHO_PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--edition", "GOLD"], "Knob edition takes one of"),
        (["--knob", "nonsense=1"], "There is no knob 'nonsense'"),
        (["--knob", "latency"], "--knob takes NAME=VALUE"),
        (["--client", "only-an-id"], "--client takes ID:SECRET:REDIRECT"),
        (["--client", "id:secret:not-an-address"], "is not a web address"),
    ],
)
def test_wrong_arguments_are_told_and_end_the_start(arguments, complaint, capsys):
    assert main(["--port", "0", *arguments]) == 1
    assert complaint in capsys.readouterr().err


def test_it_listens_on_the_loopback_address_only(zoho):
    assert zoho._socket.getsockname()[0] == "127.0.0.1"


def test_knobs_are_keywords_and_a_reset_keeps_them():
    with StandIn(search_lag=3, edition="FREE") as zoho:
        zoho.set_knobs(search_lag=9)
        zoho.reset()
        assert (zoho.world.knobs.search_lag, zoho.world.knobs.edition) == (3.0, "FREE")


def test_two_stand_ins_live_side_by_side():
    with StandIn() as one, StandIn() as two:
        one.set_knobs(latency=1)
        assert two.world.knobs.latency == 0
        assert one.port != two.port


def test_the_process_starts_with_its_flags_and_ends_on_a_signal(tmp_path):
    command = [
        sys.executable, "-m", "fakezoho", "--port", "0", "--state", str(tmp_path / "state.json"),
        "--client", "1000.ABC:hush:http://127.0.0.1:8000/cb,http://127.0.0.1:8000/other", "--search-lag", "2",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[-1]
        assert requests.get(f"{url}/_standin/knobs", timeout=5).json()["search_lag"] == 2
        assert "http://127.0.0.1:8000/other" in requests.get(f"{url}/eu/accounts/developerconsole", timeout=5).text
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
    assert process.wait(5) in {0, -signal.SIGTERM}
    assert "1000.ABC" in (tmp_path / "state.json").read_text()
