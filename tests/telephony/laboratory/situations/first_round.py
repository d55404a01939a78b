"""Our own situations, first round: transfers out of outbound calls, queues and groups."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import ask, consult, hand_over, outbound, start_call, transfer_blind
from tests.telephony.laboratory.truth import CARRIER_DEST, MOBILE, answered, reached


def answered_by_customer(lab, number=CARRIER_DEST):
    agent, customer = outbound(lab, "201", number)
    sleep(1)
    customer.answer()
    agent.wait_up()
    sleep(2)
    return agent, customer


@situation("own-out-blind", "201 calls a customer and transfers blind to 202.")
def own_out_blind(lab):
    agent, customer = answered_by_customer(lab)
    second = transfer_blind(lab, agent, "202")
    sleep(3)
    customer.bye()
    second.wait_over()
    return [
        reached(
            agent,
            customer,
            ended=customer.ended,
            transferred_to="202",
            agents=["201", "202"],
            talked=[(customer.answered, agent.ended), (second.answered, customer.ended)],
        )
    ]


@situation("own-out-attended", "201 calls a customer, consults 203 and transfers.")
def own_out_attended(lab):
    agent, customer = answered_by_customer(lab)
    held, asking, _other = ask(lab, agent, "203")
    back = hand_over(agent, asking, "203")
    sleep(3)
    customer.bye()
    return [
        reached(agent, customer, ended=customer.ended, transferred_to="203", agents=["201", "203"], hold=back - held)
    ]


@situation("own-queue-blind", "Queue 600: 201 answers and transfers blind to 203.")
def own_queue_blind(lab):
    call, agent = start_call(lab, did="600")
    second = transfer_blind(lab, agent, "203")
    sleep(3)
    call.bye()
    return [
        answered(
            call,
            agent,
            queue="600",
            transferred_to="203",
            agents=["201", "203"],
            talked=[(agent.answered, agent.ended), (second.answered, call.ended)],
        )
    ]


@situation("own-queue-attended", "Queue 600: 201 answers, consults 204 and transfers.")
def own_queue_attended(lab):
    call, agent, asking, _other = consult(lab, "600", target="204")
    back = hand_over(agent, asking, "204")
    sleep(3)
    call.bye()
    return [answered(call, agent, queue="600", transferred_to="204", agents=["201", "204"], hold=back - call.held_at)]


@situation("own-twice-blind", "201 transfers to 202, who transfers to 203.")
def own_twice_blind(lab):
    call, agent = start_call(lab)
    second = transfer_blind(lab, agent, "202")
    sleep(2)
    third = transfer_blind(lab, second, "203")
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
            transferred_to="203",
            agents=["201", "202", "203"],
            talked=[(agent.answered, agent.ended), (second.answered, second.ended), (third.answered, call.ended)],
        )
    ]


@situation("own-to-queue", "201 transfers blind into queue 602, where 203 answers.")
def own_to_queue(lab):
    call, agent = start_call(lab)
    second = transfer_blind(lab, agent, "602")
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


@situation("own-to-queue-left", "201 transfers blind into queue 602, and the customer gives up there.")
def own_to_queue_left(lab):
    call, agent = start_call(lab)
    agent.refer("602")
    lab.p["203"].expect()
    agent.bye()
    sleep(2)
    call.bye()
    return [
        answered(call, agent, queue="602", transferred_to="602", agents=["201"], talked=[(agent.answered, agent.ended)])
    ]


@situation("own-consult-missed", "201 consults 203, who does not answer, and goes on with the customer.")
def own_consult_missed(lab):
    call, agent = start_call(lab)
    agent.hold(True)
    held = time.time()
    asking = lab.p["201"].call("203")
    lab.p["203"].expect()
    sleep(2)
    asking.cancel()
    back = time.time()
    agent.hold(False)
    sleep(2)
    call.bye()
    return [answered(call, agent, hold=back - held)]


@situation("own-group-external", "Ring group: 202 answers, consults a mobile and transfers.")
def own_group_external(lab):
    call = lab.inbound("300")
    agent = lab.p["202"].expect()
    sleep(1)
    agent.answer()
    call.wait_up()
    sleep(2)
    held, asking, _other = ask(lab, agent, MOBILE)
    back = hand_over(agent, asking, MOBILE)
    sleep(2)
    call.bye()
    return [answered(call, agent, transferred_to=MOBILE, agents=["202"], hold=back - held)]
