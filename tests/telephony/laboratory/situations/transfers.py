"""Agents and programs send a customer on."""

from __future__ import annotations

from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import start_call, transfer_blind
from tests.telephony.laboratory.truth import MOBILE, answered


@situation("blind-transfer", "201 answers and transfers blind (REFER) to 202, who answers.")
def blind_transfer(lab):
    call, agent = start_call(lab)
    second = transfer_blind(lab, agent, "202")
    sleep(3)
    call.bye()
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
    "blind-transfer-missed",
    "201 answers and transfers blind to 203, who does not answer.",
    "A conversation took place; the last leg says NO ANSWER.",
)
def blind_transfer_missed(lab):
    call, agent = start_call(lab)
    agent.refer("203")
    lab.p["203"].expect()
    agent.bye()
    call.wait_over(12)
    return [answered(call, agent, transferred_to="203", agents=["201"], talked=[(agent.answered, agent.ended)])]


@situation("blind-transfer-external", "201 answers and transfers blind to a mobile.")
def blind_transfer_external(lab):
    call, agent = start_call(lab)
    mobile = transfer_blind(lab, agent, MOBILE)
    sleep(3)
    mobile.bye()
    call.wait_over()
    return [
        answered(
            call,
            agent,
            ended=mobile.ended,
            transferred_to=MOBILE,
            talked=[(agent.answered, agent.ended), (mobile.answered, mobile.ended)],
        )
    ]


@situation("blind-transfer-ami", "201 answers and a program transfers the customer to 203 (AMI BlindTransfer).")
def blind_transfer_ami(lab):
    call, agent = start_call(lab)
    lab.ami.action("BlindTransfer", Channel=lab.channel("PJSIP/201"), Context="from-internal", Exten="203")
    second = lab.p["203"].expect()
    agent.wait_over(2)
    sleep(1)
    second.answer()
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
            transferred_to="203",
            agents=["201", "203"],
            talked=[(agent.answered, agent.ended), (second.answered, call.ended)],
        )
    ]


@situation(
    "redirect-ami",
    "201 answers and a program sends the customer to queue 602 (AMI Redirect), where 203 answers.",
    "A second queue in the same call; the first agent's leg ends with it.",
)
def redirect_ami(lab):
    call, agent = start_call(lab)
    lab.ami.action("Redirect", Channel=lab.channel("PJSIP/trunk"), Context="from-internal", Exten="602", Priority="1")
    second = lab.p["203"].expect()
    agent.wait_over(2)
    sleep(1)
    second.answer()
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
            queue="602",
            transferred_to="602",
            agents=["201", "203"],
            talked=[(agent.answered, agent.ended), (second.answered, call.ended)],
        )
    ]
