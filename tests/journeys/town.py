"""Everyone on the road, each with a browser of their own: families, nursery, office, the post."""

import re

from playwright.sync_api import Browser

from tests.journeys.people import Person
from tests.journeys.post import Mail, Mailbox

NURSERY, OFFICER = "hidamari", "shinsa-222135"


class Town:
    """The demo city as one journey sees it."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.people: list[Person] = []
        self.known: dict[str, Person] = {}
        self.mailbox = Mailbox(self.person("city"))

    def person(self, portal: str, *, scripts: bool = True) -> Person:
        """A new browser of this portal's size."""
        self.people.append(Person(self.browser, self.address, portal, scripts=scripts))
        return self.people[-1]

    @property
    def officer(self) -> Person:
        """Logged in at the first use."""
        return self._insider("city", OFFICER)

    @property
    def staff(self) -> Person:
        return self._insider("facility", NURSERY)

    def _insider(self, portal: str, login_id: str) -> Person:
        if portal not in self.known:
            self.known[portal] = self.person(portal)
            self.known[portal].log_in(login_id)
        return self.known[portal]

    def let_in(self, guardian: Person, login_id: str, email: str) -> None:
        """With the mailed code that a browser needs which is new to this login."""
        guardian.log_in(login_id)
        guardian.fill(code=self.mailed_code(email))
        guardian.press("ログイン")

    def mailed_code(self, email: str) -> str:
        mail = self.mail(email, "ログインの確認番号")
        found = re.search(r"^\s*(\d{6})\s*$", mail.text, re.MULTILINE)
        assert found, mail.text
        return found[1]

    def login_id_of(self, guardian: str) -> str:
        """As the demo's own list of logins says."""
        self.mailbox.reader.go("/demo/")
        row = self.mailbox.reader.page.locator("main .li", has_text=f"保護者 {guardian}").inner_text()
        found = re.search(r"\d{10}", row)
        assert found, row
        return found[0]

    def mail(self, to: str, subject: str, saying: str = "") -> Mail:
        return self.mailbox.wait_for(to, subject, saying)

    def close(self) -> None:
        for one in self.people:
            one.close()
