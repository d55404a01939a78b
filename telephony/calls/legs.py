from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from telephony.calls.records import Disposition, Record
from telephony.calls.rows import Rows, Side
from telephony.calls.summary import Leg


def of_inbound(rows: Rows) -> list[Leg]:
    """Who rang for the customer, and who talked with them."""
    return in_order(leg for row in rows.for_customer if (leg := of_row(rows, row)))


def of_outbound(rows: Rows) -> list[Leg]:
    """The telephone that called, and those that took the call over."""
    customer = {row.peer.text for row in rows.to_customer}
    taken_over = [
        row for row in rows.all if row.channel.text in customer or (row.is_of_the_called and row.peer.text in customer)
    ]
    found = [
        _leg(row, who, is_agent=True, may_be_early=rows.was_called(row.channel))
        for row in (*rows.to_customer, *taken_over)
        for end in (row.channel, row.peer)
        for who in rows.telephones(end)
    ]
    found += [
        _leg(row, rows.who(row.peer), is_agent=False)
        for row in taken_over
        if row.channel.text in customer and rows.side(row.peer) == Side.TRUNK
    ]
    return in_order(found)


def of_row(rows: Rows, row: Record) -> Leg | None:
    """Whom this row called; None where that is nobody, or a Local channel whose other half has rows of its own."""
    peer = row.peer
    if not peer.text or (peer.is_local and (rows.is_consulted(peer) or rows.beyond(peer))):
        return None
    may_be_early = row is rows.from_customer[0]
    return _leg(row, rows.who(peer), is_agent=rows.side(peer) != Side.TRUNK, may_be_early=may_be_early)


def of_consultations(rows: Rows) -> list[Leg]:
    own = set(rows.to_customer)
    return [
        replace(_leg(row, rows.who(row.peer), is_agent=rows.side(row.peer) != Side.TRUNK), is_consultation=True)
        for row in rows.of_agents
        if row not in own
    ]


def in_order(legs: Iterable[Leg]) -> list[Leg]:
    return sorted(set(legs), key=lambda leg: (leg.rang, leg.answered or leg.ended, leg.who))


def _leg(row: Record, who: str, *, is_agent: bool, may_be_early: bool = False) -> Leg:
    """`may_be_early`: where the row was answered as it began, the telephone system had done so."""
    answered = row.answered if row.disposition == Disposition.ANSWERED else None
    is_exact = answered is None or answered > row.started or row.is_conference or not may_be_early
    spoken = row.spoken if answered else timedelta()
    return Leg(who, is_agent, row.started, row.ended, answered, spoken, is_exact=is_exact)
