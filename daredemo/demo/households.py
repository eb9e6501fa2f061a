"""The twelve invented families: who they are. What happened to them stands in `stories.py`."""

from dataclasses import dataclass
from datetime import date, timedelta

MONTH_DAYS = 30.44


@dataclass(frozen=True, slots=True)
class Kid:
    """`months` old when the demo is loaded."""

    given: str
    kana: str
    months: int
    allergies: str = ""
    health: str = ""
    enrolment: str = "none"

    def born(self, today: date) -> date:
        return today - timedelta(days=round(self.months * MONTH_DAYS))


@dataclass(frozen=True, slots=True)
class Home:
    """Where a family lives and which number rings there."""

    phone: str
    post_code: str
    town: str
    street: str


@dataclass(frozen=True, slots=True)
class Household:
    """Parent's names, how to reach them, and their children."""

    mail: str
    family: str
    family_kana: str
    given: str
    given_kana: str
    relation: str
    home: Home
    kids: tuple[Kid, ...]
    city: str = "222135"
    reduction: str = "none"

    @property
    def email(self) -> str:
        return f"{self.mail}@mail.daredemo.example" if self.mail else ""


def _kakegawa(number: int) -> Home:
    return Home(f"0900000{number:04}", "4368650", "静岡県掛川市長谷", f"0丁目{number}-{number}")


YAMAMOTO = Household(
    "yamamoto", "山本", "やまもと", "さくら", "さくら", "mother",
    home=_kakegawa(1), kids=(Kid("いつき", "いつき", 9),),
)  # fmt: skip
SATO = Household(
    "sato", "佐藤", "さとう", "健", "けん", "father",
    home=_kakegawa(2), kids=(Kid("りん", "りん", 14),),
)  # fmt: skip
SUZUKI = Household(
    "suzuki", "鈴木", "すずき", "真由美", "まゆみ", "mother",
    home=Home("09000000003", "4380086", "静岡県磐田市見付", "0-0-3"),
    kids=(Kid("はると", "はると", 20),),
)  # fmt: skip
TAKAHASHI = Household(
    "takahashi", "高橋", "たかはし", "由紀", "ゆき", "mother",
    home=_kakegawa(4), kids=(Kid("あかり", "あかり", 17),),
)  # fmt: skip
TANAKA = Household(
    "tanaka", "田中", "たなか", "大輔", "だいすけ", "father",
    home=_kakegawa(5), kids=(Kid("そうた", "そうた", 11),),
)  # fmt: skip
ITO = Household(
    "ito", "伊藤", "いとう", "千春", "ちはる", "mother",
    home=_kakegawa(6), kids=(Kid("めい", "めい", 23),),
)  # fmt: skip
WATANABE = Household(
    "watanabe", "渡辺", "わたなべ", "翔子", "しょうこ", "mother",
    home=_kakegawa(7), kids=(Kid("れん", "れん", 8),),
)  # fmt: skip
NAKAMURA = Household(
    "nakamura", "中村", "なかむら", "彩", "あや", "mother",
    home=_kakegawa(8), kids=(Kid("ゆい", "ゆい", 15),),
)  # fmt: skip
KOBAYASHI = Household(
    "kobayashi", "小林", "こばやし", "直樹", "なおき", "father",
    home=_kakegawa(9), kids=(Kid("みなと", "みなと", 26),),
)  # fmt: skip
KATO = Household(
    "kato", "加藤", "かとう", "美咲", "みさき", "mother",
    home=_kakegawa(10),
    kids=(
        Kid("ひなた", "ひなた", 16, allergies="たまご(加熱したものも)。エピペンはありません。"),
        Kid("あおい", "あおい", 7),
    ),
)  # fmt: skip
SILVA = Household(
    "silva", "SILVA", "しるば", "ANA", "あな", "mother",
    home=_kakegawa(11),
    kids=(Kid("LUCAS", "るかす", 22, health="ぜんそくの薬を朝のんでいます。"),),
)  # fmt: skip
YAMADA = Household(
    "yamada", "山田", "やまだ", "香織", "かおり", "mother",
    home=_kakegawa(12), kids=(Kid("こはる", "こはる", 30),),
)  # fmt: skip

ALL = (
    YAMAMOTO, SATO, SUZUKI, TAKAHASHI, TANAKA, ITO, WATANABE, NAKAMURA, KOBAYASHI, KATO, SILVA, YAMADA,
)  # fmt: skip
