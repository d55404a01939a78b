from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from crm.vocabulary import Kind, Status
from telephony.calls import intervals, legs
from telephony.calls.layout import among
from telephony.calls.numbers import caller, dialled
from telephony.calls.records import Disposition, Record
from telephony.calls.rows import Rows
from telephony.calls.summary import Leg, Summary

AT_ONCE = timedelta(seconds=1)
"""A call outside that ends sooner without an answer could not be placed."""
CALLING = ("dial", "queue")


def summary(reference: str, rows: Rows, beside: Iterable[Record] = ()) -> Summary:
    """What a call with a customer was. `beside`: what its agents may have done meanwhile on other calls."""
    read = _inbound if rows.from_customer else _outbound
    return read(reference, rows, list(beside))


def _inbound(reference: str, rows: Rows, beside: list[Record]) -> Summary:
    own, all_legs = rows.from_customer, legs.of_inbound(rows)
    talks = [leg for leg in all_legs if leg.answered]
    started, ended = own[0].started, max(row.ended for row in own)
    answered = talks[0].answered if talks and talks[0].is_exact else None
    connected, on_hold = _talk(talks, [*rows.of_agents, *beside])
    queues = tuple(dict.fromkeys(row.first_argument for row in own if row.is_queue))
    mailboxes = [row.first_argument.partition("@")[0] for row in own if row.is_voicemail]
    return Summary(
        reference=reference,
        is_inbound=True,
        status=Status.COMPLETED if talks else Status.MISSED,
        kind=None if talks else why_nobody_talked(rows),
        customer_phone=caller(own[0].source),
        customer_name=own[0].caller_name,
        agents=_agents(talks),
        queues=queues,
        started=started,
        answered=answered,
        ended=ended,
        waiting=ended - started if not talks else answered - started if answered else None,
        talking=connected - on_hold if answered or not talks else None,
        connected=connected,
        on_hold=on_hold,
        transferred_to=transferred_to(rows, talks),
        voicemail=mailboxes[-1] if mailboxes else "",
        recording=next((row.recording for row in rows.all if row.recording), ""),
        legs=(*all_legs, *legs.of_consultations(rows)),
        rows=len(rows.all),
    )


def _outbound(reference: str, rows: Rows, beside: list[Record]) -> Summary:
    own, all_legs = rows.to_customer, legs.of_outbound(rows)
    talks = [leg for leg in all_legs if leg.answered]
    started, ended = own[0].started, max(leg.ended for leg in all_legs)
    answered = talks[0].answered if talks else None
    made = [row for row in rows.of_agents if row not in own]
    connected, on_hold = _talk(talks, [*made, *beside])
    kind = None if talks else why_not_reached(own[-1], ended - started)
    return Summary(
        reference=reference,
        is_inbound=False,
        status=Status.COMPLETED if talks else Status.CANCELED if kind == Kind.FAILED else Status.MISSED,
        kind=kind,
        customer_phone=dialled(own[0].destination, own[0].data, rows.layout.outside_prefix),
        customer_name="",
        agents=_agents(talks or all_legs),
        queues=(),
        started=started,
        answered=answered,
        ended=ended,
        waiting=(answered or ended) - started,
        talking=connected - on_hold,
        connected=connected,
        on_hold=on_hold,
        transferred_to="",
        voicemail="",
        recording=next((row.recording for row in rows.all if row.recording), ""),
        legs=(*all_legs, *legs.of_consultations(rows)),
        rows=len(rows.all),
    )


def _agents(talks: list[Leg]) -> tuple[str, ...]:
    in_turn = sorted(talks, key=lambda leg: leg.answered or leg.rang)
    return tuple(dict.fromkeys(leg.who for leg in in_turn if leg.is_agent and leg.who))


def _talk(talks: list[Leg], other_calls: list[Record]) -> tuple[timedelta, timedelta]:
    """How long the customer was connected with somebody; how much of it on hold, as the agent had another call.

    Stamps are cut to whole seconds, the rows' own counts are not; but in a conference these count the same time twice.
    """
    spoken, held = [], []
    for leg in talks:
        span = (leg.answered or leg.rang, leg.ended)
        spoken.append(span)
        if leg.is_agent:
            elsewhere = [(one.started, one.ended) for one in other_calls if one.channel.who == leg.who]
            held += intervals.common([span], elsewhere)
    counted = sum((leg.spoken for leg in talks), timedelta())
    return min(intervals.length(spoken), counted), intervals.length(held)


def why_nobody_talked(rows: Rows) -> Kind:
    own = rows.from_customer
    if any(row.is_voicemail for row in own):
        return Kind.VOICEMAIL
    if own[-1].is_queue:
        return Kind.ABANDONED
    calls = {row.disposition for row in own if row.peer.text or row.application.lower() in CALLING}
    if calls:
        return {Disposition.BUSY: Kind.BUSY, Disposition.FAILED: Kind.FAILED}.get(
            min(calls, key=lambda one: one.value), Kind.UNANSWERED
        )
    if any(among(row.context, rows.layout.closed) for row in own):
        return Kind.CLOSED
    return Kind.IVR if any(row.disposition == Disposition.ANSWERED for row in own) else Kind.UNANSWERED


def why_not_reached(last: Record, lasted: timedelta) -> Kind:
    if last.disposition == Disposition.BUSY:
        return Kind.BUSY
    return Kind.FAILED if last.disposition == Disposition.FAILED or lasted < AT_ONCE else Kind.UNANSWERED


def transferred_to(rows: Rows, talks: list[Leg]) -> str:
    """To where the customer was sent last, by somebody who had talked with them."""
    if not talks:
        return ""
    first, where = talks[0], "" if talks[0].is_agent else talks[0].who
    for row in rows.from_customer:
        if row.started < first.ended - AT_ONCE or row.is_conference:
            continue
        if row.is_queue:
            where = row.first_argument
        else:
            where = next((leg.who for leg in legs.of_row(rows, row) if leg.who and leg != first), where)
    return where
