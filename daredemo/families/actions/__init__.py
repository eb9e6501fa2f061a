"""What a family tells and allows, and who answers for a child. The nouns have a file each."""

from daredemo.families.actions.records import (
    answer_for,
    enrol,
    give_consent,
    look_at_records,
    revoke_consent,
    revoke_consents,
    write_care_record,
)

__all__ = [
    "answer_for",
    "enrol",
    "give_consent",
    "look_at_records",
    "revoke_consent",
    "revoke_consents",
    "write_care_record",
]
