"""2. 認定: the office's queue, a decision that can be undone, and the child's certificate."""

from io import BytesIO

from pypdf import PdfReader

from daredemo.languages.words import jdate_long
from daredemo.rules.age import last_day_of_use
from tests.journeys import applying
from tests.journeys.applying import Family
from tests.journeys.town import Town


def open_application(town: Town, family: Family) -> None:
    """From the queue, where it waits."""
    officer = town.officer
    officer.enter("/city/")
    officer.heading("審査")
    officer.then(officer.page.get_by_role("link", name=family.number))
    officer.heading(family.parent)
    officer.reads("審査中", f"{jdate_long(last_day_of_use(family.born))}まで使えます")


def certify(town: Town, family: Family) -> None:
    """With the reason where a check asks for one."""
    officer = town.officer
    if officer.page.locator("[name=amber_reason]").count():
        officer.fill(amber_reason="電話で たしかめました。")
    officer.press("認定する")
    officer.reads("決裁済・通知前")


def certify_undo_and_certify_again(town: Town, family: Family) -> None:
    """Nobody has been told yet, so it costs nothing."""
    certify(town, family)
    town.officer.press("もどす")
    town.officer.reads("審査中", "もどした")
    certify(town, family)


def come_in(town: Town, family: Family) -> None:
    """Ten minutes later the mail; a password; the new ID is good for logging in."""
    town.officer.move_clock("10分あと")
    applying.choose_password(town, family)
    read_certificate(family)


def read_certificate(family: Family) -> None:
    """On the screen and on paper, with the last day on which it is good."""
    phone = family.phone
    phone.go("/certificate/")
    last = last_day_of_use(family.born)
    phone.reads(f"{jdate_long(last)}まで", family.child, "使えます")
    paper = PdfReader(BytesIO(phone.download("認定証(PDF)を保存する")))
    words = "".join(page.extract_text() for page in paper.pages)
    assert family.child in words
    assert f"{last.month}月{last.day}日" in words


def decline(town: Town, family: Family) -> None:
    """却下, with the reason that the family reads."""
    officer = town.officer
    officer.press("認定しない(却下)")
    officer.reads("教示", "審査請求")
    officer.fill(reason="企業主導型保育施設に在園していることを確認しました。")
    officer.fill(
        article="子ども・子育て支援法第30条の15第1項", possible="退園したあとは、もう一度 申請できます。"
    )
    officer.press("却下する")
    officer.reads("決裁済・通知前")
    officer.move_clock("10分あと")


def read_why_not(town: Town, family: Family) -> None:
    """The mail says only that there is a result; the page says why, what is possible, and how to object."""
    phone = family.phone
    mail = town.mail(family.email, "利用認定の結果のお知らせ")
    assert family.child not in mail.text
    phone.go(mail.path)
    phone.heading("審査の状況")
    phone.reads(f"{family.family} {family.child}さん: 今回は認定できませんでした")
    phone.reads(
        "企業主導型保育施設に在園していることを確認しました。", "退園したあとは、もう一度 申請できます。"
    )
    phone.reads("不服があるとき(教示)", "審査請求")
    paper = PdfReader(BytesIO(phone.download("結果の通知(PDF)")))
    assert "審査請求" in "".join(page.extract_text() for page in paper.pages)


def send_back(town: Town, family: Family) -> None:
    """差戻し: words, and the page to repair."""
    officer = town.officer
    officer.press("なおしてもらう(差戻し)")
    officer.page.locator("input[name=parts][value=child-1]").check()
    officer.fill(words="お子さんの読みかたを たしかめてください。")
    officer.press("家族に送る")
    officer.reads("なおし待ち")


def repair(town: Town, family: Family) -> None:
    """In place: every other answer stays as it is."""
    phone = family.phone
    phone.go(town.mail(family.email, "申請のなおしのお願い").path)
    phone.reads("お子さんの読みかたを たしかめてください。")
    phone.press("こども 1")
    phone.fill(given_kana="なおし")
    phone.press("保存してつぎへ")
    phone.heading("申請の確認")
    phone.reads("なおし", family.parent, "静岡県掛川市掛川1-2-3")
    phone.press("なおした内容で もう一度 申請する")
    phone.press("審査の状況を見る")
    phone.reads(family.number, "に なおした申請を受け付けました")
