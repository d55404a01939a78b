"""An agent asks a colleague first."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import consult, hand_over, start_call
from tests.telephony.laboratory.truth import MOBILE, answered


@situation(
    "attended-transfer",
    "201 answers, consults 203 and transfers (REFER with Replaces).",
    "The row of the consultation (201 to 203) may come first and has another linked id until the transfer.",
)
def attended_transfer(lab):
    call, agent, asking, _other = consult(lab, "201")
    back = hand_over(agent, asking, "203")
    sleep(3)
    call.bye()
    return [answered(call, agent, transferred_to="203", agents=["201", "203"], hold=back - call.held_at)]


@situation("attended-transfer-external", "201 answers, consults a mobile and transfers (REFER with Replaces).")
def attended_transfer_external(lab):
    call, agent, asking, _other = consult(lab, "201", target=MOBILE)
    back = hand_over(agent, asking, MOBILE)
    sleep(2)
    call.bye()
    return [answered(call, agent, transferred_to=MOBILE, hold=back - call.held_at)]


@situation("attended-transfer-dtmf", "201 answers, consults 202 with the feature code *2 and hangs up: transferred.")
def attended_transfer_dtmf(lab):
    call, agent = start_call(lab)
    agent.dtmf("*2")
    asked = time.time()
    sleep(1.2)
    agent.dtmf("202")
    other = lab.p["202"].expect()
    sleep(1)
    other.answer()
    sleep(2)
    agent.bye()
    sleep(3)
    call.bye()
    return [answered(call, agent, transferred_to="202", agents=["201", "202"], hold=agent.ended - asked)]


@situation(
    "attended-transfer-ami",
    "201 answers, a program starts the consultation of 204 (AMI Atxfer), 201 hangs up: transferred.",
)
def attended_transfer_ami(lab):
    call, agent = start_call(lab)
    asked = time.time()
    lab.ami.action("Atxfer", Channel=lab.channel("PJSIP/201"), Context="from-internal", Exten="204")
    other = lab.p["204"].expect()
    sleep(1)
    other.answer()
    sleep(2)
    agent.bye()
    sleep(3)
    call.bye()
    return [answered(call, agent, transferred_to="204", agents=["201", "204"], hold=agent.ended - asked)]


@situation(
    "consultation-came-back",
    "201 answers, consults 203, and goes on with the customer: no transfer.",
    "The consultation is a call between extensions: no interaction of its own.",
)
def consultation_came_back(lab):
    call, agent, asking, _other = consult(lab, "201")
    asking.bye()
    back = time.time()
    agent.hold(False)
    sleep(2)
    call.bye()
    return [answered(call, agent, hold=back - call.held_at)]
