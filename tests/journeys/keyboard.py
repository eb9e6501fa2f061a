"""Somebody who has no mouse: Tab, Enter, Space and what is typed; the focus is seen at every stop."""

from tests.journeys.people import Person

STOPS = 150
STOP = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const label = e.closest('label') || e.labels?.[0];
  const shown = [e, label, e.parentElement].filter(Boolean).map(x => getComputedStyle(x));
  const x = box.left + box.width / 2, y = box.top + Math.min(box.height, 44) / 2;
  const hit = document.elementFromPoint(x, y);
  return {
    words: (e.getAttribute('aria-label') || e.innerText || label?.innerText || '').trim(),
    id: e.id, name: e.getAttribute('name') || '', html: e.outerHTML.slice(0, 120),
    ringed: shown.some(s => parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none'),
    covered: !(e === document.body || e.contains(hit) || hit?.contains(e) || label?.contains(hit)),
  };
}"""


class Keys:
    """The keyboard of one person."""

    def __init__(self, person: Person) -> None:
        self.person, self.board = person, person.page.keyboard
        self.stops = 0

    def tab_to(self, *, words: str = "", name: str = "", id: str = "") -> None:  # noqa: A002  as in the page
        """Press Tab until the focus is there."""
        for _ in range(STOPS):
            self.board.press("Tab")
            self.stops += 1
            stop = self.person.page.evaluate(STOP)
            assert stop["ringed"], f"{self.person.eyes.where}: nobody sees the focus on {stop['html']}"
            assert not stop["covered"], f"{self.person.eyes.where}: something covers {stop['html']}"
            if (
                (words and stop["words"].startswith(words))
                or stop["name"] == (name or 0)
                or stop["id"] == (id or 0)
            ):
                return
        raise AssertionError(f"{self.person.eyes.where}: Tab never reaches {words}{name}{id}")

    def write(self, name: str, words: str) -> None:
        self.tab_to(name=name)
        self.board.type(words)

    def enter(self) -> None:
        """Press Enter on what has the focus; then look at what comes."""
        self.person.eyes.traffic.forget()
        with self.person.page.expect_navigation(wait_until="load"):
            self.board.press("Enter")
        self.person.eyes.look()

    def enter_on(self, words: str) -> None:
        self.tab_to(words=words)
        self.enter()

    def choose(self, id: str) -> None:  # noqa: A002  as in the page
        """A day, a time or a length: Enter, and it is the chosen one."""
        self.tab_to(id=id)
        self.person.eyes.traffic.forget()
        self.board.press("Enter")
        self.person.page.locator(f"#{id}[aria-current]").wait_for()
        self.person.eyes.look()
