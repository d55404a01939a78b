"""Our own situations, second round: what is busy, abandoned, held or transferred twice."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import consult, hand_over, outbound, start_call, transfer_blind
from tests.telephony.laboratory.truth import CARRIER_DEST, MOBILE, SECOND, answered, interaction, missed, reached


@situation(
    "more-customer-then-attended-back",
    "201 answers, consults 203 who answers, comes back, and then transfers blind to 203.",
)
def more_customer_then_attended_back(lab):
    call, agent, asking, other = consult(lab, "201")
    asking.bye()
    other.wait_over(3)
    back = time.time()
    agent.hold(False)
    sleep(1.5)
    third = transfer_blind(lab, agent, "203")
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
            transferred_to="203",
            agents=["201", "203"],
            talked=[(agent.answered, agent.ended), (third.answered, call.ended)],
            hold=back - call.held_at,
        )
    ]


@situation("more-queue-busy-then-abandoned", "Queue 601: 201 is busy, 202 rings, the customer gives up.")
def more_queue_busy_then_abandoned(lab):
    call = lab.inbound("601")
    lab.p["201"].expect().reject()
    lab.p["202"].expect()
    sleep(2)
    (call.bye() if call.up.is_set() else call.cancel())
    return [missed(call, queue="601")]


@situation("more-queue-external", "Queue 600: 201 answers and transfers blind to a mobile.")
def more_queue_external(lab):
    call, agent = start_call(lab, did="600")
    mobile = transfer_blind(lab, agent, MOBILE)
    sleep(3)
    mobile.bye()
    call.wait_over()
    return [
        answered(
            call,
            agent,
            ended=mobile.ended,
            queue="600",
            transferred_to=MOBILE,
            agents=["201"],
            talked=[(agent.answered, agent.ended), (mobile.answered, mobile.ended)],
        )
    ]


@situation("more-external-not-answered", "201 answers and transfers blind to a mobile that does not answer.")
def more_external_not_answered(lab):
    call, agent = start_call(lab)
    agent.refer(MOBILE)
    lab.trunk.expect()
    agent.bye()
    sleep(2)
    call.bye()
    return [answered(call, agent, transferred_to=MOBILE, agents=["201"], talked=[(agent.answered, agent.ended)])]


@situation("more-out-busy-again", "201 calls a busy customer and, at once, again: two calls.")
def more_out_busy_again(lab):
    a, c = outbound(lab, "201", CARRIER_DEST)
    c.reject()
    a.wait_over(5)
    sleep(0.5)
    b, d = outbound(lab, "201", CARRIER_DEST)
    sleep(1)
    d.answer()
    b.wait_up()
    sleep(2)
    b.bye()
    return [
        interaction("outbound", CARRIER_DEST, status="missed", started=a.began, ended=a.ended, agent="201"),
        reached(b, d),
    ]


@situation(
    "more-two-customers-one-agent", "201 talks with one customer, holds, and answers another on the second line."
)
def more_two_customers_one_agent(lab):
    call, agent = start_call(lab)
    agent.hold(True)
    held = time.time()
    second = lab.inbound("201", SECOND)
    other = lab.p["201"].expect()
    sleep(1)
    other.answer()
    second.wait_up()
    sleep(2)
    second.bye()
    other.wait_over(3)
    agent.hold(False)
    back = time.time()
    sleep(1.5)
    call.bye()
    return [
        answered(call, agent, hold=back - held),
        answered(second, other, customer=SECOND),
    ]


@situation("more-out-hold", "201 calls a customer, holds and comes back.")
def more_out_hold(lab):
    a, c = outbound(lab, "201", CARRIER_DEST)
    sleep(1)
    c.answer()
    a.wait_up()
    sleep(1.5)
    a.hold(True)
    t = time.time()
    sleep(1.5)
    a.hold(False)
    u = time.time()
    sleep(1.5)
    c.bye()
    return [reached(a, c, ended=c.ended, hold=u - t)]


@situation("more-out-blind-missed", "201 calls a customer and transfers blind to 203, who does not answer.")
def more_out_blind_missed(lab):
    a, c = outbound(lab, "201", CARRIER_DEST)
    sleep(1)
    c.answer()
    a.wait_up()
    sleep(2)
    a.refer("203")
    lab.p["203"].expect()
    a.bye()
    c.wait_over(12)
    return [reached(a, c, ended=c.ended, transferred_to="203", agents=["201"], talked=[(c.answered, a.ended)])]


@situation("more-group-caller-gave-up", "Ring group: the customer gives up.")
def more_group_caller_gave_up(lab):
    call = lab.inbound("300")
    lab.p["201"].expect()
    sleep(2)
    call.cancel()
    return [missed(call)]


@situation("more-twice-attended", "201 consults 202 and transfers; 202 consults 203 and transfers.")
def more_twice_attended(lab):
    call, agent, asking, other = consult(lab, "201", target="202")
    b1 = hand_over(agent, asking, "202")
    sleep(2)
    other.hold(True)
    h2 = time.time()
    ask2 = lab.p["202"].call("203")
    third = lab.p["203"].expect()
    sleep(1)
    third.answer()
    ask2.wait_up()
    sleep(1.5)
    b2 = hand_over(other, ask2, "203")
    sleep(2)
    call.bye()
    return [
        answered(call, agent, transferred_to="203", agents=["201", "202", "203"], hold=(b1 - call.held_at) + (b2 - h2))
    ]
