"""Agents call customers."""

from __future__ import annotations

from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import outbound
from tests.telephony.laboratory.truth import CARRIER_DEST, interaction, reached


@situation("out-answered", "201 calls a customer, who answers.")
def out_answered(lab):
    agent, customer = outbound(lab, "201", CARRIER_DEST)
    sleep(1.5)
    customer.answer()
    agent.wait_up()
    sleep(3)
    agent.bye()
    return [reached(agent, customer)]


@situation(
    "out-prefix",
    "202 dials 9 for an outside line.",
    "dst carries the prefix; the number called is in lastdata and in AMI (DialBegin.DialString).",
)
def out_prefix(lab):
    agent, customer = outbound(lab, "202", "90199008805")
    sleep(1)
    customer.answer()
    agent.wait_up()
    sleep(2)
    customer.bye()
    return [reached(agent, customer, customer="0199008805", ended=customer.ended)]


@situation("out-noanswer", "201 calls a customer and gives up.")
def out_noanswer(lab):
    agent, _customer = outbound(lab, "201", CARRIER_DEST)
    sleep(3)
    agent.cancel()
    return [interaction("outbound", CARRIER_DEST, status="missed", started=agent.began, ended=agent.ended, agent="201")]


@situation("out-busy", "201 calls a customer who is busy.")
def out_busy(lab):
    lab.trunk.auto = ("reject", 486, "Busy Here")
    agent = lab.p["201"].call(CARRIER_DEST)
    agent.wait_over(10)
    return [interaction("outbound", CARRIER_DEST, status="missed", started=agent.began, ended=agent.ended, agent="201")]


@situation("out-failed", "202 calls a number that the carrier refuses (503).")
def out_failed(lab):
    lab.trunk.auto = ("reject", 503, "Service Unavailable")
    agent = lab.p["202"].call("0199008899")
    agent.wait_over(10)
    return [
        interaction("outbound", "0199008899", status="canceled", started=agent.began, ended=agent.ended, agent="202")
    ]


@situation(
    "out-unknown-number",
    "202 calls a number that does not exist (404).",
    "The CDR says NO ANSWER; only the cause tells (AMI Hangup Cause 1, and TechCause 404 in 22).",
)
def out_unknown_number(lab):
    lab.trunk.auto = ("reject", 404, "Not Found")
    agent = lab.p["202"].call("0199008898")
    agent.wait_over(10)
    return [
        interaction("outbound", "0199008898", status="canceled", started=agent.began, ended=agent.ended, agent="202")
    ]
