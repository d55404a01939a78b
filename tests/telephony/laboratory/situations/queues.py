"""Customers who wait in a queue."""

from __future__ import annotations

from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.truth import CUSTOMER, SECOND, answered, missed


def queue_second(lab, did):
    call = lab.inbound(did, name="Customer One")
    first = lab.p["201"].expect()
    first.wait_over(8)
    second = lab.p["202"].expect()
    sleep(1)
    second.answer()
    sleep(3)
    call.bye()
    second.wait_over()
    return [answered(call, second, queue=did, name="Customer One", rang_without_answer=["201"])]


@situation(
    "queue-second-member",
    "Queue 600 (members by Local channels): 201 lets it ring, 202 answers.",
    "The caller's CDR counts from the PBX's answer: waiting is only in AMI (AgentConnect.HoldTime) or queue_log.",
)
def queue_second_member(lab):
    return queue_second(lab, "600")


@situation(
    "queue-second-member-direct",
    "Queue 601 (members are the telephones; the PBX does not answer first): 201 lets it ring, 202 answers.",
)
def queue_second_member_direct(lab):
    return queue_second(lab, "601")


@situation("queue-first-member", "Queue 600: 201 answers.")
def queue_first_member(lab):
    call = lab.inbound("600", SECOND)
    agent = lab.p["201"].expect()
    sleep(1)
    agent.answer()
    sleep(3)
    agent.bye()
    call.wait_over()
    return [answered(call, agent, customer=SECOND, ended=agent.ended, queue="600")]


def abandoned(lab, did, user):
    call = lab.inbound(did, user)
    lab.p["201"].expect()
    sleep(2.5)
    if call.up.is_set():
        call.bye()
    else:
        call.cancel()
    return [missed(call, customer=user, queue=did, rang_without_answer=["201"])]


@situation(
    "queue-abandoned",
    "Queue 600: the customer gives up while 201 rings.",
    "The caller's CDR says ANSWERED, because the PBX answered. Only the missing answered leg, AMI (QueueCallerAbandon) "
    "or queue_log tells.",
)
def queue_abandoned(lab):
    return abandoned(lab, "600", CUSTOMER)


@situation(
    "queue-timeout-voicemail",
    "Queue 600: nobody answers, the customer leaves a message.",
    "The caller's CDR says ANSWERED with lastapp VoiceMail: the answer is the machine's.",
)
def queue_timeout_voicemail(lab):
    call = lab.inbound("600")
    lab.ami.wait("QueueCallerLeave", 30)
    sleep(4)
    call.bye()
    return [missed(call, queue="600", voicemail="600", rang_without_answer=["201", "202"])]


@situation("queue-timeout", "Queue 602: 203 does not answer, the queue gives up.", "ANSWERED in the CDR, by the PBX.")
def queue_timeout(lab):
    call = lab.inbound("602", SECOND)
    lab.p["203"].expect()
    call.wait_over(25)
    return [missed(call, customer=SECOND, queue="602", rang_without_answer=["203"])]


@situation("queue-member-busy", "Queue 601: 201 refuses (busy), 202 answers.")
def queue_member_busy(lab):
    lab.p["201"].auto = ("reject", 486, "Busy Here")
    call = lab.inbound("601")
    agent = lab.p["202"].expect()
    sleep(1)
    agent.answer()
    sleep(2)
    call.bye()
    return [answered(call, agent, queue="601")]


@situation("queue-paused-member", "Queue 601: 201 is paused (AMI QueuePause), 202 is called at once and answers.")
def queue_paused_member(lab):
    lab.ami.action("QueuePause", Queue="601", Interface="PJSIP/201", Paused="true", Reason="Lunch")
    call = lab.inbound("601", SECOND)
    agent = lab.p["202"].expect()
    sleep(1)
    agent.answer()
    sleep(2)
    call.bye()
    lab.ami.action("QueuePause", Queue="601", Interface="PJSIP/201", Paused="false")
    return [answered(call, agent, customer=SECOND, queue="601")]
