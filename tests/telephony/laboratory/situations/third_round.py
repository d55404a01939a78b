"""Our own situations, third round: second members, second queues, ways back."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import CARRIER_DEST, CUSTOMER, MOBILE, situation
from tests.telephony.laboratory.situations.steps import consult, hand_over, outbound, start_call
from tests.telephony.laboratory.truth import interaction


@situation("third-queue-second-blind", "Queue 600: 201 lets it ring, 202 answers and transfers blind to 204.")
def third_queue_second_blind(lab):
    call = lab.inbound("600")
    first = lab.p["201"].expect()
    first.wait_over(8)
    second = lab.p["202"].expect()
    sleep(1)
    second.answer()
    sleep(2)
    second.refer("204")
    third = lab.p["204"].expect()
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
            answered=second.answered,
            ended=call.ended,
            agent="202",
            queue="600",
            transferred_to="204",
            agents=["202", "204"],
            talked=[(second.answered, second.ended), (third.answered, call.ended)],
        )
    ]


@situation("third-group-blind", "Ring group: 203 answers and transfers blind to 201.")
def third_group_blind(lab):
    call = lab.inbound("300")
    agent = lab.p["203"].expect()
    sleep(1)
    agent.answer()
    call.wait_up()
    sleep(2)
    lab.p["201"].calls.clear() if hasattr(lab.p["201"], "calls") else None
    agent.refer("204")
    second = lab.p["204"].expect()
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
            agent="203",
            transferred_to="204",
            agents=["203", "204"],
            talked=[(agent.answered, agent.ended), (second.answered, call.ended)],
        )
    ]


@situation("third-consult-missed-blind", "201 consults 203, who does not answer, and then transfers blind to 202.")
def third_consult_missed_blind(lab):
    call, agent = start_call(lab)
    agent.hold(True)
    held = time.time()
    asking = lab.p["201"].call("203")
    lab.p["203"].expect()
    sleep(2)
    asking.cancel()
    back = time.time()
    agent.hold(False)
    sleep(1.5)
    agent.refer("202")
    second = lab.p["202"].expect()
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
            transferred_to="202",
            agents=["201", "202"],
            talked=[(agent.answered, agent.ended), (second.answered, call.ended)],
            hold=back - held,
        )
    ]


@situation("third-ivr-invalid", "The customer presses 9 in the menu, which is nothing, and is hung up.")
def third_ivr_invalid(lab):
    call = lab.inbound("700")
    call.wait_up()
    sleep(2)
    call.dtmf("9")
    call.wait_over(15)
    return [interaction("inbound", CUSTOMER, status="missed", started=call.began, ended=call.ended)]


@situation("third-there-and-back", "201 transfers to 202, who transfers back to 201.")
def third_there_and_back(lab):
    call, agent = start_call(lab)
    agent.refer("202")
    second = lab.p["202"].expect()
    agent.bye()
    sleep(1)
    second.answer()
    sleep(2)
    second.refer("201")
    third = lab.p["201"].expect()
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
            transferred_to="201",
            agents=["201", "202"],
            talked=[(agent.answered, agent.ended), (second.answered, second.ended), (third.answered, call.ended)],
        )
    ]


@situation("third-parked-left", "201 answers, parks the customer, who hangs up while parked.")
def third_parked_left(lab):
    call, agent = start_call(lab)
    agent.refer("1000")
    lab.ami.wait("ParkedCall", 5)
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
            agents=["201"],
            talked=[(agent.answered, agent.ended)],
        )
    ]


@situation("third-out-attended-external", "201 calls a customer, consults a mobile and transfers.")
def third_out_attended_external(lab):
    a, c = outbound(lab, "201", CARRIER_DEST)
    sleep(1)
    c.answer()
    a.wait_up()
    sleep(2)
    a.hold(True)
    held = time.time()
    asking = lab.p["201"].call(MOBILE)
    other = lab.trunk.expect()
    sleep(1)
    other.answer()
    asking.wait_up()
    sleep(2)
    back = hand_over(a, asking, MOBILE)
    sleep(2)
    c.bye()
    return [
        interaction(
            "outbound",
            CARRIER_DEST,
            status="completed",
            started=a.began,
            answered=c.answered,
            ended=c.ended,
            agent="201",
            transferred_to=MOBILE,
            hold=back - held,
        )
    ]


@situation(
    "third-two-queues-blind",
    "Queue 600: 201 answers and transfers to queue 602: 203 answers and transfers blind to 204.",
)
def third_two_queues_blind(lab):
    call, agent = start_call(lab, did="600")
    agent.refer("602")
    second = lab.p["203"].expect()
    agent.bye()
    sleep(1)
    second.answer()
    sleep(2)
    second.refer("204")
    third = lab.p["204"].expect()
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
            queue="602",
            transferred_to="204",
            agents=["201", "203", "204"],
            talked=[(agent.answered, agent.ended), (second.answered, second.ended), (third.answered, call.ended)],
        )
    ]


@situation("third-direct-queue-attended", "Queue 601: 201 answers, consults 203 and transfers.")
def third_direct_queue_attended(lab):
    call, agent, asking, _other = consult(lab, "601", target="203")
    back = hand_over(agent, asking, "203")
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
            queue="601",
            transferred_to="203",
            agents=["201", "203"],
            hold=back - call.held_at,
        )
    ]


@situation("third-caller-cancels-at-once", "The customer hangs up before anything rings for a second.")
def third_caller_cancels_at_once(lab):
    call = lab.inbound("201")
    lab.p["201"].expect()
    sleep(0.3)
    call.cancel()
    return [interaction("inbound", CUSTOMER, status="missed", started=call.began, ended=call.ended)]
