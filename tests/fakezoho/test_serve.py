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
    ("arguments", "validation_error"),
    [
        (["--edition", "GOLD"], "Knob edition takes one of"),
        (["--knob", "nonsense=1"], "There is no knob 'nonsense'"),
        (["--knob", "latency"], "--knob takes NAME=VALUE"),
        (["--fault", "html_401"], "--fault takes a fault as JSON"),
        (["--fault", '{"fault": "fire"}'], "There is no fault 'fire'"),
        (["--latency", "-1"], "Knob latency takes 0 or more"),
        (["--client", "only-an-id"], "--client takes ID:SECRET:REDIRECT"),
        (["--client", "id:secret:not-an-address"], "is not a web address"),
    ],
)
def test_wrong_arguments_are_told_and_end_the_start(arguments, validation_error, capsys):
    assert main(["--port", "0", *arguments]) == 1
    assert validation_error in capsys.readouterr().err


def test_it_listens_on_the_loopback_address_only(zoho):
    assert zoho._socket.getsockname()[0] == "127.0.0.1"


def test_knobs_are_keywords_and_a_reset_keeps_them():
    with StandIn(search_lag=3, edition="FREE") as zoho:
        zoho.set_knobs(search_lag=9)
        zoho.reset()
        assert (zoho.world.knobs.search_lag, zoho.world.knobs.edition) == (3.0, "FREE")


def test_faults_of_the_start_are_there_again_after_a_reset():
    with StandIn(faults=[{"fault": "503", "count": 2}]) as zoho:
        url = f"{zoho.url}/eu/desk/api/v1/organizations"
        assert [requests.get(url, timeout=5).status_code for _ in range(3)] == [503, 503, 401]
        zoho.reset()
        assert requests.get(url, timeout=5).status_code == 503


def test_help_tells_of_each_knob_its_answers_and_its_default(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "--phone-search {digits,raw}" in told
    assert "digits only, or the text as stored. Default: digits." in told
    assert "--multi-dc {on,off}" in told
    assert "Default: 60.0." in told
    assert "Default: on." in told


def test_two_stand_ins_live_side_by_side():
    with StandIn() as one, StandIn() as two:
        one.set_knobs(latency=1)
        assert two.world.knobs.latency == 0
        assert one.port != two.port


def test_the_process_starts_with_its_flags_and_ends_on_a_signal(tmp_path):
    command = [
        sys.executable, "-m", "fakezoho", "--port", "0", "--state", str(tmp_path / "state.json"),
        "--client", "1000.ABC:hush:http://127.0.0.1:8000/cb,http://127.0.0.1:8000/other", "--search-lag", "2",
        "--fault", '{"fault": "html_401", "share": 0.2}',
        "--fault", '{"fault": "lost_answer", "match": {"method": "POST"}}',
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[-1]
        assert requests.get(f"{url}/_standin/knobs", timeout=5).json()["search_lag"] == 2
        ordered = requests.get(f"{url}/_standin/faults", timeout=5).json()["ordered"]
        assert [(fault["fault"], fault["share"]) for fault in ordered] == [("html_401", 0.2), ("lost_answer", 1.0)]
        assert "http://127.0.0.1:8000/other" in requests.get(f"{url}/eu/accounts/developerconsole", timeout=5).text
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
    assert process.wait(5) in {0, -signal.SIGTERM}
    assert "1000.ABC" in (tmp_path / "state.json").read_text()
