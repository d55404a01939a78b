"""Parked calls and conferences."""

from __future__ import annotations

from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import start_call
from tests.telephony.laboratory.truth import answered


@situation(
    "parked",
    "201 answers, parks the customer; 202 picks up.",
    "The second conversation is a row whose src is the agent.",
)
def parked(lab):
    call, agent = start_call(lab)
    agent.refer("1000")
    parked = lab.ami.wait("ParkedCall", 5)
    agent.bye()
    sleep(1.5)
    second = lab.p["202"].call(parked.get("ParkingSpace", "1001"))
    second.wait_up(5)
    sleep(3)
    call.bye()
    second.wait_over(5)
    return [
        answered(
            call,
            agent,
            transferred_to="202",
            agents=["201", "202"],
            talked=[(agent.answered, agent.ended), (second.answered, call.ended)],
        )
    ]


@situation(
    "conference",
    "The customer, 201 and 202 meet in conference 800.",
    "Each leg is a row of its own, with its own linked id until they meet.",
)
def conference(lab):
    call = lab.inbound("800")
    call.wait_up()
    sleep(1)
    one = lab.p["201"].call("800")
    one.wait_up()
    sleep(1)
    two = lab.p["202"].call("800")
    two.wait_up()
    sleep(3)
    two.bye()
    sleep(1)
    call.bye()
    sleep(0.5)
    one.bye()
    return [answered(call, one, agents=["201", "202"])]
