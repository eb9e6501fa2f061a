"""The words of an application's answers, for the family's forms and the office's screens."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Choices = tuple[tuple[str, str | Promise], ...]

RELATIONS: Choices = (
    ("mother", _("母")),
    ("father", _("父")),
    ("grandparent", _("祖父母")),
    ("foster", _("里親")),
    ("legal", _("未成年後見人")),
    ("other", _("その他")),
)
# First those that stop nobody, as most children who apply go nowhere.
ENROLMENTS: Choices = (
    ("none", _("どこにも通っていない")),
    ("temporary_care", _("一時預かり")),
    ("unlicensed", _("認可外保育施設")),
    ("playgroup", _("プレ幼稚園")),
    ("development_support", _("児童発達支援")),
    ("company_led_temporary", _("企業主導型保育施設の 一時預かりだけ")),
    ("licensed_nursery", _("認可保育所")),
    ("certified_centre", _("認定こども園")),
    ("small_scale", _("小規模保育事業")),
    ("home_based", _("家庭的保育事業")),
    ("workplace", _("事業所内保育事業")),
    ("home_visiting", _("居宅訪問型保育事業")),
    ("company_led", _("企業主導型保育施設")),
    ("kindergarten", _("幼稚園")),
)
REDUCTIONS: Choices = (
    ("none", _("申請しない")),
    ("welfare", _("生活保護を受けている")),
    ("untaxed", _("市町村民税が非課税")),
    ("low_income", _("市町村民税の所得割が 基準の額より少ない")),
    ("support", _("支援が必要と市が認めている")),
)
NOTICES: Choices = (("screen", _("この画面で 受けとる")), ("post", _("郵送で 受けとる")))
END_REASONS: Choices = (
    ("enrolment", _("保育園などに入園した")),
    ("move", _("ほかの市町村へ引っこした")),
    ("withdrawal", _("認定をおわる とどけ")),
    ("revocation", _("取消")),
)
PARTS: Choices = (
    ("guardian", _("保護者")),
    ("address", _("住所")),
    ("children", _("こども")),
    ("reduction", _("利用料の減免")),
    ("proofs", _("減免の書類")),
    ("notice", _("結果の受けとりかたと同意")),
)


def word(choices: Choices, value: str) -> str:
    """The label of a value; "" for none, the value itself where we have no word."""
    return str(dict(choices).get(value, value))
