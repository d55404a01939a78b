"""What many situations begin with."""

from __future__ import annotations

import time
from collections.abc import Sequence
from time import sleep

from tests.telephony.laboratory.dialog import Dialog
from tests.telephony.laboratory.situations.catalogue import Laboratory
from tests.telephony.laboratory.truth import CUSTOMER


def direct(
    lab: Laboratory,
    name: str | bytes = "",
    user: str = CUSTOMER,
    headers: Sequence[str] = (),
    talk: float = 3,
    did: str = "201",
):
    call = lab.inbound(did, user, name, headers)
    agent = lab.p["201"].expect()
    sleep(1)
    agent.answer()
    call.wait_up()
    sleep(talk)
    call.bye()
    agent.wait_over()
    return call, agent


def outbound(lab, agent_number, number):
    agent = lab.p[agent_number].call(number)
    return agent, lab.trunk.expect()


def start_call(lab, did="201", user=CUSTOMER, number="201"):
    call = lab.inbound(did, user)
    agent = lab.p[number].expect()
    sleep(1)
    agent.answer()
    call.wait_up()
    sleep(2)
    return call, agent


def consult(lab, did, number="201", target="203"):
    call, agent = start_call(lab, did, number=number)
    call.held_at, asking, other = ask(lab, agent, target)
    return call, agent, asking, other


def ask(lab: Laboratory, agent: Dialog, number: str) -> tuple[float, Dialog, Dialog]:
    """The agent puts the customer on hold (when), and talks with a colleague or somebody outside."""
    agent.hold(True)
    held = time.time()
    asking = agent.phone.call(number)
    other = lab.called(number)
    sleep(1)
    other.answer()
    asking.wait_up()
    sleep(2)
    return held, asking, other


def transfer_blind(lab: Laboratory, agent: Dialog, number: str) -> Dialog:
    """The agent sends the customer on (REFER) and is out; whoever is there answers a second later."""
    agent.refer(number)
    taking = lab.called(number)
    agent.bye()
    sleep(1)
    return taking.answer()


def hand_over(agent: Dialog, asking: Dialog, number: str) -> float:
    """The agent connects the customer with whom it asked (REFER with Replaces), and is out; when that was."""
    agent.refer(number, asking)
    handed_over = time.time()
    agent.wait_over(3)
    asking.wait_over(3)
    agent.bye()
    asking.bye()
    return handed_over
