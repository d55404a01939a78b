"""Menus, ring groups and voicemail."""

from __future__ import annotations

from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.truth import SECOND, answered, missed


@situation(
    "ivr-hangup",
    "The customer hangs up in the menu.",
    "ANSWERED in the CDR, by the PBX; lastapp BackGround or WaitExten.",
)
def ivr_hangup(lab):
    call = lab.inbound("700")
    call.wait_up()
    sleep(3)
    call.bye()
    return [missed(call)]


@situation("ivr-queue", "The customer presses 1, waits in queue 601, 201 answers.")
def ivr_queue(lab):
    call = lab.inbound("700")
    call.wait_up()
    sleep(1.5)
    call.dtmf("1")
    agent = lab.p["201"].expect()
    sleep(1.5)
    agent.answer()
    sleep(3)
    call.bye()
    return [answered(call, agent, queue="601")]


@situation("ivr-direct", "The customer presses 3 and 203 answers.")
def ivr_direct(lab):
    call = lab.inbound("700", SECOND)
    call.wait_up()
    sleep(1)
    call.dtmf("3")
    agent = lab.p["203"].expect()
    sleep(1)
    agent.answer()
    sleep(2)
    agent.bye()
    return [answered(call, agent, customer=SECOND, ended=agent.ended)]


@situation("ring-group", "201, 202 and 203 ring; 202 answers.", "One row per telephone that rang.")
def ring_group(lab):
    call = lab.inbound("300")
    [lab.p[n].expect() for n in ("201", "203")]
    agent = lab.p["202"].expect()
    sleep(1)
    agent.answer()
    sleep(3)
    call.bye()
    return [answered(call, agent, rang_without_answer=["201", "203"])]


@situation("ring-group-missed", "201, 202 and 203 ring; nobody answers.")
def ring_group_missed(lab):
    call = lab.inbound("300", SECOND)
    call.wait_over(15)
    return [missed(call, customer=SECOND, rang_without_answer=["201", "202", "203"])]


@situation("voicemail-only", "The customer reaches a voicemail and leaves a message.", "ANSWERED by the machine.")
def voicemail_only(lab):
    call = lab.inbound("500")
    call.wait_up()
    sleep(4)
    call.bye()
    return [missed(call, voicemail="201")]
