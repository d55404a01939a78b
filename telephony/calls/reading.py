from __future__ import annotations

from datetime import timedelta

from crm.vocabulary import Kind, Status
from telephony.calls import intervals, legs
from telephony.calls.beside import Beside
from telephony.calls.layout import among
from telephony.calls.numbers import caller, dialled
from telephony.calls.records import Disposition, Record
from telephony.calls.rows import Rows
from telephony.calls.summary import Leg, Summary

AT_ONCE = timedelta(seconds=1)
"""A call outside that ends sooner without an answer could not be placed."""
CUT_OFF = timedelta(seconds=0.5)
"""What a count of whole seconds leaves out of a row, on average."""
CALLING = ("dial", "queue")


def summary(reference: str, rows: Rows, beside: Beside) -> Summary:
    """What a call with a customer was. `beside`: what its agents may have done meanwhile on other calls."""
    read = _inbound if rows.from_customer else _outbound
    return read(reference, rows, beside)


def _inbound(reference: str, rows: Rows, beside: Beside) -> Summary:
    own, all_legs = rows.from_customer, legs.of_inbound(rows)
    talks = [leg for leg in all_legs if leg.answered]
    started, ended = own[0].started, max(row.ended for row in own)
    answered = talks[0].answered if talks and talks[0].is_exact else None
    connected, on_hold = _talk(talks, rows.of_agents, beside)
    queues = tuple(dict.fromkeys(row.first_argument for row in rows.for_customer if row.is_queue))
    mailboxes = [row.first_argument.partition("@")[0] for row in own if row.is_voicemail]
    return Summary(
        reference=reference,
        is_inbound=True,
        status=Status.COMPLETED if talks else Status.MISSED,
        kind=None if talks else why_nobody_talked(rows),
        customer_phone=caller(own[0].source),
        customer_name=own[0].caller_name,
        agents=agents_of(talks),
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


def _outbound(reference: str, rows: Rows, beside: Beside) -> Summary:
    own, all_legs = rows.to_customer, legs.of_outbound(rows)
    talks = [leg for leg in all_legs if leg.answered]
    started, ended = own[0].started, max(leg.ended for leg in all_legs)
    answered = talks[0].answered if talks and talks[0].is_exact else None
    made = [row for row in rows.of_agents if row not in own]
    connected, on_hold = _talk(talks, made, beside)
    kind = None if talks else why_not_reached(own[-1], ended - started)
    return Summary(
        reference=reference,
        is_inbound=False,
        status=Status.COMPLETED if talks else Status.CANCELED if kind == Kind.FAILED else Status.MISSED,
        kind=kind,
        customer_phone=dialled(own[0].destination, own[0].data, rows.layout.outside_prefix),
        customer_name="",
        agents=agents_of(talks or all_legs),
        queues=(),
        started=started,
        answered=answered,
        ended=ended,
        waiting=ended - started if not talks else answered - started if answered else None,
        talking=connected - on_hold if answered or not talks else None,
        connected=connected,
        on_hold=on_hold,
        transferred_to=next(
            (leg.who for leg in reversed(all_legs) if talks and follows(leg, talks[0]) and leg.who != talks[0].who), ""
        ),
        voicemail="",
        recording=next((row.recording for row in rows.all if row.recording), ""),
        legs=(*all_legs, *legs.of_consultations(rows)),
        rows=len(rows.all),
    )


def agents_of(talks: list[Leg]) -> tuple[str, ...]:
    in_turn = sorted(talks, key=lambda leg: leg.answered or leg.rang)
    return tuple(dict.fromkeys(leg.who for leg in in_turn if leg.is_agent and leg.who))


def _talk(talks: list[Leg], consulting: list[Record], beside: Beside) -> tuple[timedelta, timedelta]:
    """How long the customer was connected with somebody; how much of it on hold, as the agent took another call.

    Stamps are cut to whole seconds, and so is each row's own count: of several rows the one tells too much, the other
    too little. In a conference the counts tell the same time twice.
    """
    spoken, held = [], []
    for leg in talks:
        answered = leg.answered or leg.rang
        spoken.append((answered, leg.ended))
        if leg.is_agent:
            made = [(one.started, one.ended) for one in consulting if one.channel.who == leg.who]
            elsewhere = [*made, *beside.elsewhere(leg.who)]
            held += intervals.common([(answered, leg.ended)], (one for one in elsewhere if one[0] >= answered))
    counted = sum((leg.spoken for leg in talks), CUT_OFF * (len(talks) - 1))
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
    """To where the customer was sent last, by somebody who had talked with them: of another queue its number."""
    if not talks:
        return ""
    first, where = talks[0], "" if talks[0].is_agent else talks[0].who
    queues = {""}
    for row in rows.for_customer:
        is_another = row.is_queue and row.first_argument not in queues
        queues.add(row.first_argument if row.is_queue else "")
        if is_another and row.started >= first.ended - AT_ONCE:
            where = row.first_argument
        elif not row.is_conference and (leg := legs.of_row(rows, row)) and follows(leg, first):
            where = leg.who
    return where


def follows(leg: Leg, first: Leg) -> bool:
    """Whether the call went there when the first had talked."""
    return bool(leg.who) and leg != first and leg.rang >= first.ended - AT_ONCE
