from __future__ import annotations

import pytest

from integrations.errors import Misconfigured
from outbound.addresses import is_public, origin_of

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "136.143.190.155",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
    "168.63.129.15",
    "168.63.129.17",
    "2606:4700::5eff:a00:1",
    "2606:4700::5efe:808:808",
]

NOT_PUBLIC = [
    "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.1.2.3",
    "169.254.1.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.8", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::",
    "2002:a00:1::1", "2001:0:1::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "fc00::1", "fd12:3456::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "not an address", "",
    "0x7f.1", "2130706433", "017700000001",
    # What answers inside a cloud: its servers for metadata, and the one of Azure behind a public address
    "168.63.129.16", "::ffff:168.63.129.16", "64:ff9b::a83f:8110", "2002:a83f:8110::", "::168.63.129.16",
    "100.100.100.200", "169.254.170.2", "169.254.0.23", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254",
    "161.26.0.6", "166.9.250.195",
    # Anycast addresses, at which the nearest network answers
    "192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1",
    # ISATAP: the last 32 bits lead into the network of this machine
    "2606:4700::5efe:a00:1", "2606:4700::200:5efe:a9fe:a9fe", "2606:4700::5efe:a83f:8110",
    "fe80::5efe:808:808", "fd00::5efe:808:808", "2001:db8::5efe:808:808",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_internet_may_be_reached(address):
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_leads_inside_or_nowhere_may_not_be_reached(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Desk.Zoho.EU/agent/acme", ("https", "desk.zoho.eu", 443)),
        ("http://127.0.0.1:8100/eu/desk", ("http", "127.0.0.1", 8100)),
        ("https://[2606:4700::1]:8443", ("https", "2606:4700::1", 8443)),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, origin):
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "url",
    ["ftp://desk.zoho.eu", "javascript:alert(1)", "https://", "https://u:p@desk.zoho.eu", "https://u@desk.zoho.eu",
     "https://desk.zoho.eu:notaport", "https://desk.zoho.eu:99999", "//desk.zoho.eu", "", "https://[::1"],
)  # fmt: skip
def test_what_is_not_a_plain_http_address_is_refused_in_words(url):
    with pytest.raises(Misconfigured):
        origin_of(url)
