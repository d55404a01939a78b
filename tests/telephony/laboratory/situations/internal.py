"""Calls between extensions, and calls that a program places."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.truth import CARRIER_DEST, interaction


@situation("internal", "201 calls 202: no interaction.")
def internal(lab):
    caller = lab.p["201"].call("202")
    called = lab.p["202"].expect()
    sleep(1)
    called.answer()
    sleep(2)
    caller.bye()
    return []


@situation("internal-missed", "203 calls 202, who does not answer: no interaction.")
def internal_missed(lab):
    caller = lab.p["203"].call("202")
    lab.p["202"].expect()
    sleep(2)
    caller.cancel()
    return []


@situation("internal-queue", "203 calls queue 600 of the house; 201 answers: no customer, no interaction.")
def internal_queue(lab):
    caller = lab.p["203"].call("600")
    called = lab.p["201"].expect()
    sleep(1)
    called.answer()
    sleep(2)
    caller.bye()
    return []


@situation(
    "click-to-call",
    "AMI Originate: first the telephone of 201, then the customer.",
    "The call begins as one to the agent; who called is in no column: CDR src is the caller ID given to Originate.",
)
def click_to_call(lab):
    began = time.time()
    lab.ami.action(
        "Originate",
        Channel="PJSIP/201",
        Context="from-internal",
        Exten="0199008806",
        Priority="1",
        Async="true",
        CallerID="Click <0199008806>",
        Timeout="15000",
    )
    agent = lab.p["201"].expect()
    sleep(1)
    agent.answer()
    customer = lab.trunk.expect()
    sleep(1)
    customer.answer()
    sleep(3)
    agent.bye()
    return [
        interaction(
            "outbound",
            "0199008806",
            status="completed",
            started=began,
            answered=customer.answered,
            ended=agent.ended,
            agent="201",
        )
    ]


@situation(
    "click-to-call-local",
    "AMI Originate of Local/202@from-internal, then the customer.",
    "Two halves of a Local channel: two or three rows.",
)
def click_to_call_local(lab):
    began = time.time()
    lab.ami.action(
        "Originate",
        Channel="Local/202@from-internal",
        Context="from-internal",
        Exten="0199008807",
        Priority="1",
        Async="true",
        CallerID="202 <202>",
        Timeout="15000",
    )
    agent = lab.p["202"].expect()
    sleep(1)
    agent.answer()
    customer = lab.trunk.expect()
    sleep(1)
    customer.answer()
    sleep(3)
    customer.bye()
    return [
        interaction(
            "outbound",
            "0199008807",
            status="completed",
            started=began,
            answered=customer.answered,
            ended=customer.ended,
            agent="202",
        )
    ]


@situation(
    "click-to-call-agent-missing",
    "AMI Originate: the agent's telephone is not picked up, the customer is never called: no interaction.",
)
def click_to_call_agent_missing(lab):
    lab.ami.action(
        "Originate",
        Channel="PJSIP/201",
        Context="from-internal",
        Exten="0199008806",
        Priority="1",
        Async="true",
        CallerID="Click <0199008806>",
        Timeout="3000",
    )
    lab.p["201"].expect()
    sleep(4)
    return []


@situation("own-inside-then-outside", "201 calls 202 and then transfers 202 to a customer.")
def own_inside_then_outside(lab):
    one = lab.p["201"].call("202")
    two = lab.p["202"].expect()
    sleep(1)
    two.answer()
    one.wait_up()
    sleep(2)
    began = time.time()
    one.refer(CARRIER_DEST)
    customer = lab.trunk.expect()
    one.bye()
    sleep(1)
    customer.answer()
    sleep(3)
    customer.bye()
    two.wait_over()
    return [
        interaction(
            "outbound",
            CARRIER_DEST,
            status="completed",
            started=began,
            answered=customer.answered,
            ended=customer.ended,
            agent="202",
        )
    ]
