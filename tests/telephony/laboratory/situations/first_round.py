"""Our own situations, first round: transfers out of outbound calls, queues and groups."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import CARRIER_DEST, CUSTOMER, MOBILE, situation
from tests.telephony.laboratory.situations.steps import consult, hand_over, outbound, start_call
from tests.telephony.laboratory.truth import interaction


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
    agent.refer("202")
    second = lab.p["202"].expect()
    agent.bye()
    sleep(1)
    second.answer()
    sleep(3)
    customer.bye()
    second.wait_over()
    return [
        interaction(
            "outbound",
            CARRIER_DEST,
            status="completed",
            started=agent.began,
            answered=customer.answered,
            ended=customer.ended,
            agent="201",
            transferred_to="202",
            agents=["201", "202"],
            talked=[(customer.answered, agent.ended), (second.answered, customer.ended)],
        )
    ]


@situation("own-out-attended", "201 calls a customer, consults 203 and transfers.")
def own_out_attended(lab):
    agent, customer = answered_by_customer(lab)
    agent.hold(True)
    held = time.time()
    asking = lab.p["201"].call("203")
    other = lab.p["203"].expect()
    sleep(1)
    other.answer()
    asking.wait_up()
    sleep(2)
    back = hand_over(agent, asking, "203")
    sleep(3)
    customer.bye()
    return [
        interaction(
            "outbound",
            CARRIER_DEST,
            status="completed",
            started=agent.began,
            answered=customer.answered,
            ended=customer.ended,
            agent="201",
            transferred_to="203",
            agents=["201", "203"],
            hold=back - held,
        )
    ]


@situation("own-queue-blind", "Queue 600: 201 answers and transfers blind to 203.")
def own_queue_blind(lab):
    call, agent = start_call(lab, did="600")
    agent.refer("203")
    second = lab.p["203"].expect()
    agent.bye()
    sleep(1)
    second.answer()
    sleep(3)
    call.bye()
    return [
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=agent.answered,
            ended=call.ended,
            agent="201",
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
    return [
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=agent.answered,
            ended=call.ended,
            agent="201",
            queue="600",
            transferred_to="204",
            agents=["201", "204"],
            hold=back - call.held_at,
        )
    ]


@situation("own-twice-blind", "201 transfers to 202, who transfers to 203.")
def own_twice_blind(lab):
    call, agent = start_call(lab)
    agent.refer("202")
    second = lab.p["202"].expect()
    agent.bye()
    sleep(1)
    second.answer()
    sleep(2)
    second.refer("203")
    third = lab.p["203"].expect()
    second.bye()
    sleep(1)
    third.answer()
    sleep(2)
    call.bye()
    return [
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=agent.answered,
            ended=call.ended,
            agent="201",
            transferred_to="203",
            agents=["201", "202", "203"],
            talked=[(agent.answered, agent.ended), (second.answered, second.ended), (third.answered, call.ended)],
        )
    ]


@situation("own-to-queue", "201 transfers blind into queue 602, where 203 answers.")
def own_to_queue(lab):
    call, agent = start_call(lab)
    agent.refer("602")
    second = lab.p["203"].expect()
    agent.bye()
    sleep(1)
    second.answer()
    sleep(2)
    call.bye()
    return [
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=agent.answered,
            ended=call.ended,
            agent="201",
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
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=agent.answered,
            ended=call.ended,
            agent="201",
            queue="602",
            transferred_to="602",
            agents=["201"],
            talked=[(agent.answered, agent.ended)],
        )
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
    return [
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=agent.answered,
            ended=call.ended,
            agent="201",
            hold=back - held,
        )
    ]


@situation("own-group-external", "Ring group: 202 answers, consults a mobile and transfers.")
def own_group_external(lab):
    call = lab.inbound("300")
    agent = lab.p["202"].expect()
    sleep(1)
    agent.answer()
    call.wait_up()
    sleep(2)
    agent.hold(True)
    held = time.time()
    asking = lab.p["202"].call(MOBILE)
    other = lab.trunk.expect()
    sleep(1)
    other.answer()
    asking.wait_up()
    sleep(2)
    back = hand_over(agent, asking, MOBILE)
    sleep(2)
    call.bye()
    return [
        interaction(
            "inbound",
            CUSTOMER,
            status="completed",
            started=call.began,
            answered=agent.answered,
            ended=call.ended,
            agent="202",
            transferred_to=MOBILE,
            agents=["202"],
            hold=back - held,
        )
    ]
