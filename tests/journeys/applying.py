"""1. 利用認定申請: from the leaflet to the number of the application."""

import random
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO

from pypdf import PdfReader

from daredemo.demo.households import Household
from daredemo.languages.words import jdate_long
from daredemo.rules.age import last_day_of_use
from tests.journeys.people import Person
from tests.journeys.post import Mail
from tests.journeys.town import Town

EXAMPLE = date(2024, 4, 10)  # 「令和6年4月10日生まれの場合、令和9年4月8日まで利用できます」
AGE = timedelta(days=550)  # one and a half: under three for long, over six months since long
PASSWORD = "natsumikan-hashigo-kujira"
SYLLABLES = "あいおかきこさしそたちとなのはひふまみもやゆりるれわ"


def new_address() -> str:
    return f"{secrets.token_hex(4)}@mail.example"


def new_name() -> str:
    """Two children of one name and birthday would be one child to the office."""
    return "".join(random.sample(SYLLABLES, 3))


@dataclass
class Family:
    """A family that nobody here knows yet."""

    phone: Person
    born: date
    email: str = field(default_factory=new_address)
    family: str = "桜井"
    family_kana: str = "さくらい"
    parent: str = "直子"
    parent_kana: str = "なおこ"
    child: str = field(default_factory=new_name)
    enrolment: str = "none"
    number: str = ""
    login_id: str = ""

    @property
    def called(self) -> str:
        return f"{self.child}さん"


def new_family(phone: Person) -> Family:
    """With a child who is one and a half on the demo's day."""
    return Family(phone, phone.now().date() - AGE)


def known_family(town: Town, home: Household, phone: Person) -> Family:
    """One of the demo's, with the first of its children; not logged in yet."""
    kid = home.kids[0]
    return Family(
        phone,
        kid.born(phone.now().date()),
        email=home.email,
        family=home.family,
        parent=home.given,
        child=kid.given,
        login_id=town.login_id_of(f"{home.family} {home.given}"),
    )


def ask_whether_it_is_for_us(family: Family) -> None:
    """The leaflet's own example, then the own child."""
    phone = family.phone
    phone.go_cold("/municipalities/222135/")
    phone.reads("2027年(令和9年)4月8日")
    for born in (EXAMPLE, family.born):
        phone.go_cold("/municipalities/222135/eligible/")
        phone.write_date("born", born)
        phone.choose(enrolment="none")
        phone.press("しらべる")
        phone.reads(jdate_long(last_day_of_use(born)))
    phone.reads("利用できます")


def ask_for_the_link(town: Town, family: Family) -> Mail:
    """Prefecture, municipality, address; the mail that comes."""
    phone = family.phone
    phone.go("/")
    phone.heading("こども誰でも通園制度")
    phone.page.locator("#prefecture").select_option(label="静岡県")
    if not phone.scripts:
        phone.press("確認する")
    phone.page.locator("#code").select_option(label="掛川市")
    phone.press("確認する")
    phone.heading("静岡県掛川市")
    phone.press("申請にすすむ")
    phone.fill(email=family.email)
    phone.press("申請する")
    phone.heading("メールを送りました")
    return town.mail(family.email, "利用申請URLのお知らせ")


def open_the_link(family: Family, mail: Mail) -> None:
    """Looking at the link uses nothing up; the button on its page does."""
    phone = family.phone
    for _ in range(2):
        phone.go(mail.path)
        phone.heading("申請書をひらく")
        phone.reads("このURLは")
    phone.press("申請書をひらく")
    phone.heading("利用認定の申請")


def fill_in(family: Family) -> None:
    """Every page of the application, to its check page."""
    phone = family.phone
    phone.press("つづける")
    phone.choose(relation="mother")
    phone.fill(family_name=family.family, given_name=family.parent)
    phone.fill(family_kana=family.family_kana, given_kana=family.parent_kana, phone="090-0000-0099")
    phone.press("保存してつぎへ")
    fill_in_address(phone)
    fill_in_child(family)
    phone.press("これで全員です")
    phone.choose(reduction="none")
    phone.press("保存してつぎへ")
    phone.choose(notice="screen")
    phone.tick("agreed")
    phone.press("保存して 確認へ")
    phone.heading("申請の確認")


def fill_in_address(phone: Person) -> None:
    """By the post code; with a button where nothing else can ask for it."""
    if phone.scripts:
        with phone.page.expect_response("**/postcode/**"):
            phone.fill(post_code="436-0079")
        phone.page.wait_for_function("document.querySelector('[name=address]').value")
    else:
        phone.fill(post_code="436-0079")
        phone.press("郵便番号から 住所を入れる")
    assert phone.page.locator("[name=address]").input_value() == "静岡県掛川市掛川"
    phone.fill(street="1-2-3")
    phone.press("保存してつぎへ")


def fill_in_child(family: Family) -> None:
    phone = family.phone
    assert phone.page.locator("[name=family_name]").input_value() == family.family
    phone.fill(given_name=family.child, given_kana=family.child)
    phone.write_date("born", family.born)
    phone.choose(enrolment=family.enrolment)
    phone.press("保存してつぎへ")
    phone.reads(family.child)


def check_and_submit(family: Family) -> None:
    """Everything is read once more, then sent: a number, and the paper."""
    phone = family.phone
    phone.reads(family.parent, family.child, jdate_long(family.born), "〒436-0079", "静岡県掛川市掛川1-2-3")
    phone.press("この内容で申請する")
    phone.heading("申請しました")
    family.number = phone.page.locator(".thanks .no").inner_text()
    pages = PdfReader(BytesIO(phone.download("申請書(PDF)を保存する"))).pages
    assert family.child in "".join(page.extract_text() for page in pages)
    phone.press("審査の状況を見る")
    phone.heading("審査の状況")
    phone.reads(family.number, "順番を待っています。")


def apply(town: Town, family: Family) -> None:
    """The whole first step."""
    open_the_link(family, ask_for_the_link(town, family))
    fill_in(family)
    check_and_submit(family)


def choose_password(town: Town, family: Family) -> None:
    """The link in 「アカウント発行のお知らせ」; this browser is known from now on, and the ID filled in."""
    phone = family.phone
    mail = town.mail(family.email, "アカウント発行のお知らせ")
    family.login_id = mail.said("利用者ログインID")
    phone.go(mail.path)
    phone.reads(family.login_id)
    phone.fill(password=PASSWORD, again=PASSWORD)
    phone.press("このパスワードに決める")
    assert phone.page.locator("[name=login_id]").input_value() == family.login_id
    phone.login_id, phone.password = family.login_id, PASSWORD
    phone.come_in()
    assert phone.page.url.endswith("/home/"), f"{phone.page.url} {phone.text}"
