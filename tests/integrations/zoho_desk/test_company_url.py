from __future__ import annotations

import json

import pytest

from integrations.errors import Misconfigured
from integrations.types import Environment
from integrations.zoho_desk import company_url, datacentres
from integrations.zoho_desk.datacentres import DataCentres

LOCAL = {
    "locations": {
        "eu": {"accounts": "http://127.0.0.1:8100/eu/accounts", "desk": "http://127.0.0.1:8100/eu/desk"},
        "us": {"accounts": "http://127.0.0.1:8100/us/accounts", "desk": "http://127.0.0.1:8100/us/desk"},
    }
}


@pytest.fixture
def centres():
    table = DataCentres()
    table.extend(json.loads(datacentres.BUILT_IN.read_text()))
    return table


@pytest.mark.parametrize(
    ("url", "location", "portal"),
    [
        ("", "us", ""),
        ("   ", "us", ""),
        ("https://desk.zoho.eu/agent/acme/support/tickets/details/1", "eu", "acme"),
        ("https://desk.zoho.com/support/acme", "us", "acme"),
        ("https://desk.zoho.com/portal/acme/en/home", "us", "acme"),
        ("https://acme.zohodesk.eu", "eu", "acme"),
        ("https://acme.zohodesk.com.au/portal/en/home", "au", "acme"),
        ("https://desk.zoho.eu/", "eu", ""),
        ("https://desk.zoho.eu", "eu", ""),
        ("desk.zoho.in/agent/Acme?from=mail#top", "in", "acme"),
        ("HTTPS://DESK.ZOHO.JP/agent/ACME", "jp", "acme"),
        ("http://desk.zoho.sa/agent/acme", "sa", "acme"),
        ("https://desk.zoho.eu:443/agent/acme", "eu", "acme"),
        ("https://desk.zohocloud.ca/agent/acme", "ca", "acme"),
        ("https://accounts.zoho.eu", "eu", ""),
        ("https://desk.zoho.com.cn/agent/acme", "cn", "acme"),
        ("https://desk.zoho.com/agent/ac<me", "us", ""),
    ],
)
def test_a_company_url_tells_data_centre_and_portal(centres, url, location, portal):
    assert company_url.read(url, centres) == Environment(location, portal)


@pytest.mark.parametrize(
    "url",
    ["https://support.acme.com", "https://desk.zoho.eu.evil.com/agent/acme", "https://desk.zoho.eu@evil.com/",
     "https://evilzohodesk.eu", "https://acme.zohodesk.evil.eu", "https://desk.zoho.eu:8443/agent/acme",
     "javascript:alert(1)", "https://desk.zoho.zz/agent/acme", "https://www.zohoapis.eu", "nonsense", "http://",
     "https://127.0.0.1/eu/desk", "https://desk.zoho.eu/agent/ac\r\nme", "https://desk.zoho.eu/agent/\u202eemca"],
)  # fmt: skip
def test_any_other_address_is_refused_with_what_to_paste_instead(centres, url):
    with pytest.raises(Misconfigured, match=r"Paste the address .* https://desk\.zoho\.eu/agent/yourcompany"):
        company_url.read(url, centres)


@pytest.mark.parametrize("url", ["https://desk.zoho.uk/agent/acme", "https://accounts.zoho.uk"])
def test_the_data_centre_without_desk_is_refused_in_words(centres, url):
    with pytest.raises(Misconfigured, match="no Desk in its data centre “uk”"):
        company_url.read(url, centres)


@pytest.mark.parametrize(
    ("url", "location", "portal"),
    [
        ("http://127.0.0.1:8100/eu/desk/agent/acme", "eu", "acme"),
        ("http://127.0.0.1:8100/eu/desk/", "eu", ""),
        ("127.0.0.1:8100/us/desk/agent/acme", None, None),
        ("http://127.0.0.1:8100/eu/deskx/agent/acme", None, None),
        ("http://127.0.0.1:8100/", None, None),
        ("https://desk.zoho.eu/agent/acme", None, None),
        ("", "us", ""),
    ],
)
def test_a_path_is_part_of_the_operators_own_address(centres, url, location, portal):
    centres.extend(LOCAL)
    if location is None:
        with pytest.raises(Misconfigured):
            company_url.read(url, centres)
    else:
        assert company_url.read(url, centres) == Environment(location, portal)
