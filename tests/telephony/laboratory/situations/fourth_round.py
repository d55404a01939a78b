"""Our own situations, fourth round: mixtures of holds, consultations and transfers."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import (
    ask,
    consult,
    direct,
    hand_over,
    outbound,
    start_call,
    transfer_blind,
)
from tests.telephony.laboratory.truth import CARRIER_DEST, CUSTOMER, MOBILE, answered, interaction, reached


@situation("fourth-hold-then-blind", "201 holds, comes back, and transfers blind to 202.")
def fourth_hold_then_blind(lab):
    call, agent = start_call(lab)
    agent.hold(True)
    held = time.time()
    sleep(1.5)
    agent.hold(False)
    back = time.time()
    sleep(1)
    second = transfer_blind(lab, agent, "202")
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
            transferred_to="202",
            agents=["201", "202"],
            talked=[(agent.answered, agent.ended), (second.answered, call.ended)],
            hold=back - held,
        )
    ]


@situation("fourth-attended-then-blind", "201 consults 203 and transfers; 203 transfers blind to 204.")
def fourth_attended_then_blind(lab):
    call, agent, asking, other = consult(lab, "201", target="203")
    back = hand_over(agent, asking, "203")
    sleep(2)
    third = transfer_blind(lab, other, "204")
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
            transferred_to="204",
            agents=["201", "203", "204"],
            talked=[(agent.answered, other.ended), (third.answered, call.ended)],
            hold=back - call.held_at,
        )
    ]


@situation("fourth-out-dtmf", "201 calls a customer, consults 202 by *2 and hangs up: transferred.")
def fourth_out_dtmf(lab):
    a, c = outbound(lab, "201", CARRIER_DEST)
    sleep(1)
    c.answer()
    a.wait_up()
    sleep(2)
    a.dtmf("*2")
    asked = time.time()
    sleep(1.2)
    a.dtmf("202")
    other = lab.p["202"].expect()
    sleep(1)
    other.answer()
    sleep(2)
    a.bye()
    sleep(3)
    c.bye()
    return [reached(a, c, ended=c.ended, transferred_to="202", agents=["201", "202"], hold=a.ended - asked)]


@situation("fourth-redirect-extension", "201 answers and a program sends the customer to 204 (AMI Redirect).")
def fourth_redirect_extension(lab):
    call, agent = start_call(lab)
    lab.ami.action("Redirect", Channel=lab.channel("PJSIP/trunk"), Context="from-internal", Exten="204", Priority="1")
    second = lab.p["204"].expect()
    agent.wait_over(2)
    sleep(1)
    second.answer()
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
            transferred_to="204",
            agents=["201", "204"],
            talked=[(agent.answered, agent.ended), (second.answered, call.ended)],
        )
    ]


@situation("fourth-queue-third-try", "Queue 601: 201 lets it ring, 202 is busy, 201 is called again and answers.")
def fourth_queue_third_try(lab):
    call = lab.inbound("601")
    first = lab.p["201"].expect()
    first.wait_over(8)
    lab.p["202"].expect().reject()
    again = lab.p["201"].expect(15)
    sleep(1)
    again.answer()
    sleep(2)
    call.bye()
    return [answered(call, again, queue="601")]


@situation("fourth-blind-to-busy", "201 transfers blind to 202, who is busy.")
def fourth_blind_to_busy(lab):
    call, agent = start_call(lab)
    agent.refer("202")
    lab.p["202"].expect().reject()
    agent.bye()
    call.wait_over(8)
    return [answered(call, agent, transferred_to="202", agents=["201"], talked=[(agent.answered, agent.ended)])]


@situation("fourth-twice-in-a-row", "The same customer calls twice within seconds.")
def fourth_twice_in_a_row(lab):
    one, a = direct(lab, talk=2)
    sleep(1)
    two, b = direct(lab, talk=2)
    return [
        interaction(
            "inbound", CUSTOMER, status="completed", started=x.began, answered=y.answered, ended=x.ended, agent="201"
        )
        for x, y in ((one, a), (two, b))
    ]


@situation("fourth-mobile-at-once", "201 transfers blind to a mobile and hangs up at once; the mobile answers late.")
def fourth_mobile_at_once(lab):
    call, agent = start_call(lab)
    agent.refer(MOBILE)
    agent.bye()
    mobile = lab.trunk.expect()
    sleep(2)
    mobile.answer()
    sleep(3)
    call.bye()
    return [
        answered(
            call, agent, transferred_to=MOBILE, talked=[(agent.answered, agent.ended), (mobile.answered, call.ended)]
        )
    ]


@situation("fourth-group-attended", "Ring group: 203 answers, consults 204 and transfers.")
def fourth_group_attended(lab):
    call = lab.inbound("300")
    agent = lab.p["203"].expect()
    sleep(1)
    agent.answer()
    call.wait_up()
    sleep(2)
    held, asking, _other = ask(lab, agent, "204")
    back = hand_over(agent, asking, "204")
    sleep(2)
    call.bye()
    return [answered(call, agent, transferred_to="204", agents=["203", "204"], hold=back - held)]


@situation(
    "fourth-out-gave-up-transfer",
    "201 calls a customer, transfers blind to 203; the customer hangs up while 203 rings.",
)
def fourth_out_gave_up_transfer(lab):
    a, c = outbound(lab, "201", CARRIER_DEST)
    sleep(1)
    c.answer()
    a.wait_up()
    sleep(2)
    a.refer("203")
    lab.p["203"].expect()
    a.bye()
    sleep(2)
    c.bye()
    return [reached(a, c, ended=c.ended, transferred_to="203", agents=["201"], talked=[(c.answered, a.ended)])]
