"""Who answers over TLS must have a certificate for the name that was asked, of an authority that is known."""

from __future__ import annotations

import ssl

import pytest
import requests.adapters

from integrations.errors import NotSent, OutcomeUnknown
from outbound import sockets
from tests.certificates import self_signed
from tests.outbound.listener import Recorded, answer, drip, listening
from tests.outbound.test_http import client_for

NAME = "desk.zoho.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key and a certificate for NAME that answers for itself."""
    path = tmp_path_factory.mktemp("tls") / "zoho.pem"
    path.write_bytes(self_signed(NAME))
    return str(path)


@pytest.fixture
def secured(certificate, monkeypatch):
    """Makes a talk one over TLS. Every name leads to this machine."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setattr(sockets, "addresses_of", lambda *_args: ("127.0.0.1",))

    def over_tls(talk):
        def talking(recorded):
            with context.wrap_socket(recorded.connection, server_side=True) as connection:
                talk(Recorded(connection, recorded.listener))

        return talking

    return over_tls


@pytest.fixture
def known(certificate, monkeypatch):
    """Who signed it is an authority that we know."""
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", certificate)


def ask(server, name=NAME, times=1, **patience):
    url = f"https://{name}:{server.port}"
    client = client_for(url, **patience)
    return [client.send("POST", url, json={}) for _ in range(times)]


@pytest.mark.usefixtures("known")
def test_an_answer_over_tls_is_read_and_its_connection_is_kept(secured):
    with listening(secured(answer(b'{"a": 1}'))) as server:
        assert [got.json() for got in ask(server, times=3)] == [{"a": 1}] * 3
    assert server.connections == 1


@pytest.mark.usefixtures("known")
def test_a_certificate_for_another_name_is_refused_and_nothing_is_sent(secured):
    with listening(secured(answer())) as server, pytest.raises(NotSent, match="TLS certificate"):
        ask(server, name="accounts.zoho.example")
    assert server.received == b""


def test_a_certificate_of_an_unknown_authority_is_refused_though_the_environment_names_it(
    secured, certificate, monkeypatch
):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, certificate)
    with listening(secured(answer())) as server, pytest.raises(NotSent, match="TLS certificate"):
        ask(server)
    assert server.received == b""


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("talk", "words", "patience"),
    [
        (drip, "did not answer in time", {"read_seconds": 0.3, "body_seconds": 0.2}),
        (answer(b'{"half": ', length=400), "broke the connection", {}),
    ],
    ids=["a drip", "half an answer"],
)
def test_over_tls_too_an_answer_is_bounded_and_whole_or_unknown(secured, talk, words, patience):
    with listening(secured(talk)) as server, pytest.raises(OutcomeUnknown, match=words):
        ask(server, **patience)
