"""Customers call one extension."""

from __future__ import annotations

from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import direct
from tests.telephony.laboratory.truth import CUSTOMER, MOBILE, SECOND, answered, interaction, missed


@situation("in-answered", "A customer calls 201, who answers; the customer hangs up.")
def in_answered(lab):
    call, agent = direct(lab)
    return [answered(call, agent)]


@situation("in-answered-agent-hangs-up", "The same, and the agent hangs up.")
def in_answered_agent_hangs_up(lab):
    call = lab.inbound("202", SECOND)
    agent = lab.p["202"].expect()
    sleep(2)
    agent.answer()
    call.wait_up()
    sleep(2)
    agent.bye()
    call.wait_over()
    return [answered(call, agent, customer=SECOND, ended=agent.ended)]


@situation("missed", "201 does not answer, the PBX gives up.")
def not_answered(lab):
    call = lab.inbound("201")
    lab.p["201"].expect()
    call.wait_over(12)
    return [missed(call, rang_without_answer=["201"])]


@situation("missed-caller-gave-up", "The customer hangs up while 202 rings.")
def missed_caller_gave_up(lab):
    call = lab.inbound("202", SECOND)
    lab.p["202"].expect()
    sleep(2)
    call.cancel()
    return [missed(call, customer=SECOND, rang_without_answer=["202"])]


@situation("in-busy", "201 is busy.")
def in_busy(lab):
    lab.p["201"].auto = ("reject", 486, "Busy Here")
    call = lab.inbound("201")
    call.wait_over()
    return [missed(call)]


@situation("in-failed", "The telephone of 202 refuses with 503.", "CONGESTION or FAILED by the version.")
def in_failed(lab):
    lab.p["202"].auto = ("reject", 503, "Service Unavailable")
    call = lab.inbound("202", SECOND)
    call.wait_over()
    return [missed(call, customer=SECOND)]


@situation(
    "withheld-anonymous", "The number is withheld: anonymous, with Privacy.", "There is nobody to find in a CRM."
)
def withheld_anonymous(lab):
    call, agent = direct(lab, "Anonymous", "anonymous@anonymous.invalid", ["Privacy: id"])
    return [answered(call, agent, customer="", name="")]


@situation("withheld-empty", "The number is withheld: none.")
def withheld_empty(lab):
    call, agent = direct(lab, "", "")
    return [answered(call, agent, customer="")]


@situation("withheld-unknown-missed", "Withheld (Unavailable), and nobody answers.")
def withheld_unknown_missed(lab):
    call = lab.inbound("201", "unknown", "Unavailable")
    lab.p["201"].expect()
    sleep(1.5)
    call.cancel()
    return [missed(call, customer="", rang_without_answer=["201"])]


@situation(
    "recorded",
    "A recorded call.",
    "The file is named in userfield (plain), recordingfile of cdr_custom (freepbx), AMI MixMonitorStart and VarSet.",
)
def recorded(lab):
    call, agent = direct(lab, did="207")
    sleep(0.5)
    file = lab.ami.wait("VarSet", 2, Variable="MIXMONITOR_FILENAME").get("Value", "")
    return [answered(call, agent, recording=file)]


@situation("zero-seconds", "201 answers and the customer is gone at once.")
def zero_seconds(lab):
    call = lab.inbound("201")
    agent = lab.p["201"].expect()
    sleep(1)
    agent.answer()
    call.wait_up()
    call.bye()
    agent.wait_over()
    return [answered(call, agent)]


@situation("two-at-once", "The same customer has two calls at once, to 201 and to 202.")
def two_at_once(lab):
    one = lab.inbound("201")
    first = lab.p["201"].expect()
    sleep(1)
    first.answer()
    two = lab.inbound("202")
    second = lab.p["202"].expect()
    sleep(1)
    second.answer()
    sleep(2)
    two.bye()
    sleep(1)
    one.bye()
    return [
        answered(one, first),
        answered(two, second),
    ]


@situation(
    "hold",
    "201 puts the customer on hold and comes back.",
    "Hold is not in a CDR; AMI Hold/Unhold and CEL tell (CEL: not by default in 16).",
)
def hold(lab):
    call = lab.inbound("201")
    agent = lab.p["201"].expect()
    sleep(1)
    agent.answer()
    sleep(1.5)
    agent.hold(True)
    sleep(2)
    agent.hold(False)
    sleep(1.5)
    call.bye()
    return [answered(call, agent, hold=2.2)]


@situation(
    "forward-mobile",
    "The PBX sends the calls of 206 on to a mobile, where they answer.",
    "No extension is in it: one inbound call, not two.",
)
def forward_mobile(lab):
    call = lab.inbound("206")
    mobile = lab.trunk.expect()
    sleep(1)
    mobile.answer()
    sleep(3)
    call.bye()
    return [
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=mobile.answered,
            ended=call.ended,
            transferred_to=MOBILE,
        )
    ]
