"""What a family tells and allows, and who answers for a child. The nouns have a file each."""

from daredemo.families.actions.people import (
    MOST_INVITED,
    Invited,
    answer_for,
    end_invited,
    has_come,
    invite,
    invite_again,
)
from daredemo.families.actions.protection import protect, unprotect
from daredemo.families.actions.records import (
    agree,
    enrol,
    give_consent,
    look_at_records,
    revoke_consent,
    revoke_consents,
    write_care_record,
)

__all__ = [
    "MOST_INVITED",
    "Invited",
    "agree",
    "answer_for",
    "end_invited",
    "enrol",
    "give_consent",
    "has_come",
    "invite",
    "invite_again",
    "look_at_records",
    "protect",
    "revoke_consent",
    "revoke_consents",
    "unprotect",
    "write_care_record",
]
