from __future__ import annotations

from core.reasons import declare

# Nothing more is written until somebody changes something
RULE_DELETED = declare("delivery.rule_deleted", "The rule of this delivery was deleted; nothing more is written.")
OTHER_PORTAL = declare(
    "delivery.other_portal",
    "The CRM leads to another portal than when this was sent, and nothing is written twice. Look for it in the former "
    "portal; or connect the CRM to that one again, then replay.",
)
FORM = declare("delivery.form", "The rule's form cannot be filled. {fields} Correct that, then replay.")
TRASHED = declare(
    "delivery.trashed",
    "The record that was written is gone: somebody trashed it, so no second one is written. Restore it there, then "
    "replay, or discard the delivery.",
)
MAY_EXIST = declare(
    "delivery.may_exist", "{cause} The record may have been written; a replay looks for it before it writes."
)
UNSEEN = declare(
    "delivery.unseen",
    "The answer was lost, and records of {crm} cannot be looked for. See there whether it was written: if it was, "
    "discard this delivery; if not, replay it, and it is written again.",
)
SENT_MANY_TIMES = declare(
    "delivery.sent_many_times",
    "Sent many times; no answer came and no record appeared. Check the connection, then replay.",
)
FAILED = declare(
    "delivery.failed", "Deskline failed ({name}); the log of the worker has the details. Replay after an update."
)
KILLED = declare("delivery.killed", "Its worker ended each time it was tried. Look into the worker's log, then replay.")
INTERRUPTED = declare("delivery.interrupted", "The worker ended before it could note the outcome.")
DISCARDED = declare("delivery.discarded", "Discarded by {name}: {reason}")
CARD_NOT_ASKED_FOR = declare(
    "delivery.card_not_asked_for", "The customer's card is one of {object}, which the rule does not ask for."
)

# It goes on by itself
NOT_ENABLED = declare("delivery.not_enabled", "The authentication method is not enabled.")
NO_KEYS = declare(
    "delivery.no_keys", "No process has the keys with which the credentials were stored. See docs/keys.md."
)
LOOKING = declare(
    "delivery.looking",
    "The answer was lost. The record does not show yet; it is looked for again before anything is written.",
)
CARD_IN_THE_MAKING = declare(
    "delivery.card_in_the_making", "Another delivery is making this customer's card; this one follows in a moment."
)
FORM_OPEN = declare(
    "delivery.form_open",
    "An agent has the form of this customer's card open; this goes on when it is saved or left.",
)
CARD_GONE = declare(
    "delivery.card_gone",
    "The card that was picked is gone, and the search does not show another yet. It is tried again by itself.",
)

# A card is to be picked
ANONYMOUS = declare("delivery.anonymous", "The customer gave neither a number nor an e-mail.")
SEVERAL_CARDS = declare("delivery.several_cards", "Several cards match.")
NO_CARD = declare("delivery.no_card", "No card matches the customer.")
NO_OTHER_CARD = declare("delivery.no_other_card", "No other card of the customer is found.")
MOVED = declare("delivery.moved", "In the CRM the record was moved to another card meanwhile.")
PICKED_CARD_GONE = declare(
    "delivery.picked_card_gone",
    "The card that was picked is gone (merged or trashed); the record stays where it is. {cause}",
)
PICK_A_CARD = declare(
    "delivery.pick_a_card",
    "{cause} The agent picks one in the Banner, or an administrator on the page of this delivery.",
)
