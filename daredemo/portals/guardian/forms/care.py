"""面談のまえに書いてください: what staff must know of a child."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daredemo.portals.shared.forms import REQUIRED, Form, NameField, PhoneField, Text

if TYPE_CHECKING:
    from daredemo.families.models import CareRecord

CONTACTS = (1, 2)
RELATION = _("続柄")
UNANSWERED = _("書くか、「アレルギーは ありません」を えらんでください。")


class CareForm(Form):
    """Its answers are the arguments of `families.write_care_record`."""

    allergies = Text(
        label=_("アレルギーが あるとき"),
        help_text=_("食べもの・薬・虫など。どのくらい食べると、どうなるか。薬があれば その名前。"),
        lines=3,
        required=False,
    )
    no_allergies = forms.BooleanField(label=_("アレルギーは ありません"), required=False)
    health = Text(
        label=_("体のこと"),
        help_text=_("持病、ひきつけ、飲んでいる薬、平熱など。"),
        lines=3,
        required=False,
    )
    development = Text(
        label=_("育ちのことで 知っておいてほしいこと"),
        help_text=_("ことば、歩き方、食べ方、ねかせ方、医療的ケア、すきなこと など。"),
        lines=3,
        required=False,
    )
    doctor = Text(
        label=_("かかりつけの お医者さん"), help_text=_("病院の名前と電話番号。"), lines=2, required=False
    )
    contact_1_name = NameField(label=_("1人目の名前"))
    contact_1_relation = NameField(label=RELATION, help_text=_("例: 母、祖父"), max_length=30, required=False)
    contact_1_phone = PhoneField(label=_("1人目の電話番号"))
    contact_2_name = NameField(label=_("2人目の名前"), required=False)
    contact_2_relation = NameField(label=RELATION, max_length=30, required=False)
    contact_2_phone = PhoneField(label=_("2人目の電話番号"), required=False)
    pick_up_people = Text(
        label=_("おむかえに来る人"),
        help_text=_("1行に1人ずつ。例: 山田 たろう(父)"),
        lines=3,
        required=False,
    )

    def __init__(self, *given: Any, record: "CareRecord | None" = None, **options: Any) -> None:
        super().__init__(*given, initial=before(record) if record else {}, **options)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not answers.get("no_allergies") and not answers.get("allergies") and "allergies" in answers:
            self.add_error("allergies", UNANSWERED)
        if answers.get("no_allergies") and answers.get("allergies"):
            self.add_error("no_allergies", _("アレルギーが書いてあります。どちらかに してください。"))
        if (
            answers.get("contact_2_name")
            and not answers.get("contact_2_phone")
            and "contact_2_phone" in answers
        ):
            self.add_error("contact_2_phone", REQUIRED)
        if self.errors:
            return answers
        return self.arguments(answers)

    def arguments(self, answers: dict[str, Any]) -> dict[str, Any]:
        """The contacts as a list, first to call first; the rest as it is."""
        parts = ("name", "relation", "phone")
        contacts = [{part: answers[f"contact_{n}_{part}"] for part in parts} for n in CONTACTS]
        rest = {name: value for name, value in answers.items() if not name.startswith("contact_")}
        return {**rest, "emergency_contacts": [one for one in contacts if one["phone"]]}


def before(record: "CareRecord") -> dict[str, Any]:
    """What was written last time."""
    plain = ("allergies", "no_allergies", "health", "development", "doctor", "pick_up_people")
    initial: dict[str, Any] = {name: getattr(record, name) for name in plain}
    for number, contact in zip(CONTACTS, record.emergency_contacts, strict=False):
        initial |= {f"contact_{number}_{part}": value for part, value in contact.items()}
    return initial
