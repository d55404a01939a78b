"""All probes, one after another, gently: what each found, as soon as it is known."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.errors import IntegrationError, Misconfigured, NeedsReconnection
from integrations.zoho_desk.probes import (
    by_hand,
    envelope,
    families,
    fresh,
    lists,
    metadata,
    portal,
    searches,
    tokens,
    written,
)
from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import Finding, Probe, unclear

READING = (
    *portal.PROBES,
    *envelope.PROBES,
    *families.PROBES,
    *lists.PROBES,
    *searches.PROBES,
    *metadata.PROBES,
    *tokens.PROBES,
)
WRITING = (*fresh.PROBES, *written.PROBES)
BY_HAND = by_hand.PROBES
ALL = (*READING, *WRITING, *BY_HAND)


def run(account: Account) -> Iterator[tuple[Probe, Finding]]:
    """Writes only when the account has a trial. Raises IntegrationError when the portal cannot be asked at all, or
    Zoho takes the consent back meanwhile.
    """
    account.require_portal()
    for probe in READING:
        yield probe, _finding(probe, account)
    if account.trial:
        account.trial.run()
    for probe in (*WRITING, *BY_HAND):
        yield probe, _finding(probe, account)


def _finding(probe: Probe, account: Account) -> Finding:
    try:
        return probe.ask(account) or unclear(account.why_not_reached)
    except NeedsReconnection:
        raise
    except IntegrationError as error:
        if isinstance(error, Misconfigured) and not error.code:
            raise  # our own word, such as a method that was stopped: it concerns every probe
        return unclear(error.message)
