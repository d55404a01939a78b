"""Our own situations, third round: second members, second queues, ways back."""

from __future__ import annotations

import time
from time import sleep

from tests.telephony.laboratory.situations.catalogue import situation
from tests.telephony.laboratory.situations.steps import ask, consult, hand_over, outbound, start_call, transfer_blind
from tests.telephony.laboratory.truth import CARRIER_DEST, MOBILE, answered, missed, reached


@situation("third-queue-second-blind", "Queue 600: 201 lets it ring, 202 answers and transfers blind to 204.")
def third_queue_second_blind(lab):
    call = lab.inbound("600")
    first = lab.p["201"].expect()
    first.wait_over(8)
    second = lab.p["202"].expect()
    sleep(1)
    second.answer()
    sleep(2)
    third = transfer_blind(lab, second, "204")
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            second,
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
    second = transfer_blind(lab, agent, "204")
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
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


@situation("third-ivr-invalid", "The customer presses 9 in the menu, which is nothing, and is hung up.")
def third_ivr_invalid(lab):
    call = lab.inbound("700")
    call.wait_up()
    sleep(2)
    call.dtmf("9")
    call.wait_over(15)
    return [missed(call)]


@situation("third-there-and-back", "201 transfers to 202, who transfers back to 201.")
def third_there_and_back(lab):
    call, agent = start_call(lab)
    second = transfer_blind(lab, agent, "202")
    sleep(2)
    third = transfer_blind(lab, second, "201")
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
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
    return [answered(call, agent, agents=["201"], talked=[(agent.answered, agent.ended)])]


@situation("third-out-attended-external", "201 calls a customer, consults a mobile and transfers.")
def third_out_attended_external(lab):
    a, c = outbound(lab, "201", CARRIER_DEST)
    sleep(1)
    c.answer()
    a.wait_up()
    sleep(2)
    held, asking, _other = ask(lab, a, MOBILE)
    back = hand_over(a, asking, MOBILE)
    sleep(2)
    c.bye()
    return [reached(a, c, ended=c.ended, transferred_to=MOBILE, hold=back - held)]


@situation(
    "third-two-queues-blind",
    "Queue 600: 201 answers and transfers to queue 602: 203 answers and transfers blind to 204.",
)
def third_two_queues_blind(lab):
    call, agent = start_call(lab, did="600")
    second = transfer_blind(lab, agent, "602")
    sleep(2)
    third = transfer_blind(lab, second, "204")
    sleep(2)
    call.bye()
    return [
        answered(
            call,
            agent,
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
    return [answered(call, agent, queue="601", transferred_to="203", agents=["201", "203"], hold=back - call.held_at)]


@situation("third-caller-cancels-at-once", "The customer hangs up before anything rings for a second.")
def third_caller_cancels_at_once(lab):
    call = lab.inbound("201")
    lab.p["201"].expect()
    sleep(0.3)
    call.cancel()
    return [missed(call)]
