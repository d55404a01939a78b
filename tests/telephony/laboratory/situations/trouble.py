"""Asterisk restarts or dies, a listener loses its connection."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import direct, start_call
from tests.telephony.laboratory.truth import CUSTOMER, SECOND, answered, interaction


@situation(
    "restart",
    "Asterisk restarts (core restart now) while 201 talks; afterwards another customer calls.",
    "The first call ends with the restart.",
)
def restart(lab):
    call, agent = start_call(lab)
    cut = time.time()
    lab.pbx.cli("core restart now")
    lab.again()
    call.end()
    agent.end()
    after, second = direct(lab, user=SECOND, talk=2)
    return [
        interaction(
            "inbound", CUSTOMER, status="completed", started=call.began, answered=agent.answered, ended=cut, agent="201"
        ),
        answered(after, second, customer=SECOND),
    ]


@situation(
    "killed",
    "Asterisk is killed while 201 talks, and starts again; afterwards another customer calls.",
    "A CDR is written at the end of a call: the first one is in no CDR. Only AMI, live, had seen it.",
)
def killed(lab):
    call, agent = start_call(lab)
    cut = time.time()
    lab.pbx.kill()
    lab.pbx.start()
    lab.again()
    call.end()
    agent.end()
    after, second = direct(lab, user=SECOND, talk=2)
    return [
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=agent.answered,
            ended=cut,
            agent="201",
            in_no_cdr=True,
        ),
        answered(after, second, customer=SECOND),
    ]


@situation(
    "reconnect",
    "The listener loses AMI while 201 talks, comes back, and asks for what is under way.",
)
def reconnect(lab):
    call, agent = start_call(lab, did="600")
    lab.reconnect()
    lab.listener.action("CoreShowChannels")
    lab.listener.action("Status")
    lab.listener.action("BridgeList")
    lab.listener.action("QueueStatus", Queue="600")
    sleep(1.5)
    call.bye()
    return [answered(call, agent, queue="600")]
