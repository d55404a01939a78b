from __future__ import annotations

import json

import pytest

from integrations.errors import Misconfigured
from integrations.zoho_desk import datacentres
from integrations.zoho_desk.datacentres import DataCentres, normal
from integrations.zoho_desk.integration import ZohoDesk
from outbound import http


@pytest.fixture
def centres():
    table = DataCentres()
    table.extend(json.loads(datacentres.BUILT_IN.read_text()))
    return table


def test_every_data_centre_has_its_own_accounts_server(centres):
    servers = [row.accounts for row in centres.rows.values()]
    assert len(servers) == len(set(servers)) == 11
    assert all(server.startswith("https://accounts.zoho") for server in servers)


def test_desk_never_lives_on_the_api_domain(centres):
    assert all("zohoapis" not in row.desk for row in centres.rows.values())


@pytest.mark.parametrize(
    "server", ["https://accounts.zoho.in", "https://accounts.zoho.in/", "HTTPS://Accounts.Zoho.IN:443"]
)
def test_an_accounts_server_is_known_however_it_is_written(centres, server):
    assert centres.of_accounts_server(server).location == "in"


@pytest.mark.parametrize(
    "server",
    ["https://accounts.zoho.in.evil.com", "https://accounts.zoho.in@evil.com", "http://accounts.zoho.in",
     "https://accounts.zoho.in:8443", "https://accounts.zoho.in/evil", "https://accounts.zoho.in?x", "https://evil.com",
     "https://desk.zoho.in", "//accounts.zoho.in", "", "https://accounts.zoho.in\\@evil.com"],
)  # fmt: skip
def test_a_crafted_accounts_server_is_refused(centres, server):
    with pytest.raises(Misconfigured):
        centres.of_accounts_server(server)


def test_clients_are_registered_where_the_file_of_the_operator_says(centres):
    vendor = ZohoDesk(centres=centres)
    assert vendor.oauth.console_url == "https://api-console.zoho.com"
    centres.extend(
        {"locations": {"us": {"accounts": "http://127.0.0.1:9/us", "console": "http://127.0.0.1:9/console"}}}
    )
    assert vendor.oauth.console_url == "http://127.0.0.1:9/console"


def test_an_unknown_location_is_refused(centres):
    with pytest.raises(Misconfigured, match="not known here"):
        centres.get("mars")


def test_a_file_adds_and_replaces_rows_and_may_name_the_default(centres):
    centres.extend({"default": "lab", "locations": {"lab": {"accounts": "http://10.0.0.1:9/a/", "desk": None}}})
    assert centres.get("lab").accounts == "http://10.0.0.1:9/a"
    assert centres.default == "lab"
    centres.extend(
        {"locations": {"lab": {"accounts": "https://accounts.example.com", "desk": "https://d.example.com"}}}
    )
    assert centres.with_desk("lab").desk == "https://d.example.com"


@pytest.mark.parametrize(
    "content",
    [{}, {"locations": []}, {"locations": {"x": {}}}, {"locations": {"x": {"accounts": "ftp://x"}}},
     {"locations": {"x": {"accounts": 3}}}, {"locations": {"x": {"accounts": "https://a.example?x"}}},
     {"default": "nowhere", "locations": {}}],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_words_and_changes_nothing(centres, content):
    before = dict(centres.rows)
    with pytest.raises(Misconfigured):
        centres.extend(content)
    assert centres.rows == before
    assert centres.default == "us"


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_file_that_is_no_json_object_is_named(tmp_path, text):
    path = tmp_path / "centres.json"
    path.write_text(text)
    with pytest.raises(Misconfigured, match=r"centres\.json"):
        datacentres.extend(path)


def test_only_the_operators_addresses_become_trusted(tmp_path, monkeypatch, centres):
    client = http.Client()
    monkeypatch.setattr(http, "client", client)
    monkeypatch.setattr(datacentres, "table", centres)
    path = tmp_path / "centres.json"
    path.write_text(
        json.dumps({"locations": {"lab": {"accounts": "http://127.0.0.1:1/a", "desk": "http://127.0.0.1:2/d"}}})
    )
    datacentres.extend(path)
    assert client._trusted == {("http", "127.0.0.1", 1), ("http", "127.0.0.1", 2)}


def test_the_normal_form_keeps_path_and_unusual_port():
    assert normal("http://LOCALHOST:80/EU/Desk/") == "http://localhost/EU/Desk"
    assert normal("https://[::1]:8443/x") == "https://[::1]:8443/x"


@pytest.mark.parametrize("name", ["", "europe-west", "eu west", "eü", "eu\n"])
def test_a_data_centre_whose_name_no_table_holds_is_refused_at_start(centres, name):
    with pytest.raises(Misconfigured, match="1 to 10 letters"):
        centres.extend({"locations": {name: {"accounts": "https://accounts.example"}}})
    assert len(centres.rows) == 11
