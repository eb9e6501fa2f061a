"""How long it takes on a slow line and a slow processor: only in `run.py bench ux`, judged as medians."""

import statistics
from urllib.parse import urljoin

import pytest

from daredemo.demo.households import KATO
from tests.journeys import applying, booking, ux
from tests.journeys.meeting import NURSERY
from tests.journeys.people import Person
from tests.journeys.town import Town

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not ux.CLOCK, reason="measured by `run.py bench ux`"),
]

LINES = {"slow 4G": (1.6, 150, 1500), "3G": (0.7, 300, 2500)}  # Mbit/s, ms, LCP in ms
SLOWER, ROUNDS, TAPS = 4, 3, 20
WATCH = """
  window.seen = {lcp: 0, cls: 0, taps: []};
  const watch = (type, take, more) => new PerformanceObserver(all => all.getEntries().forEach(take))
    .observe({type, buffered: true, ...more});
  watch('largest-contentful-paint', one => { seen.lcp = one.startTime });
  watch('layout-shift', one => { if (!one.hadRecentInput) seen.cls += one.value });
  watch('event', one => { if (one.interactionId) seen.taps.push(one.duration) }, {durationThreshold: 16});
"""


@pytest.fixture
def phone(town: Town) -> Person:
    made = town.person("guardian")
    family = applying.known_family(town, KATO, made)
    town.let_in(made, family.login_id, family.email)
    made.context.add_init_script(WATCH)
    return made


def slow(phone: Person, megabits: float, latency: int) -> None:
    line = phone.context.new_cdp_session(phone.page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    speed = megabits * 1_000_000 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": latency, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


@pytest.mark.parametrize("line", LINES)
def test_a_slow_line(phone: Person, line: str) -> None:
    megabits, latency, limit = LINES[line]
    slow(phone, megabits, latency)
    for path in ("/home/", "/book/", "/facilities/"):
        paints, shifts = [], []
        for _ in range(ROUNDS):
            phone.page.goto(urljoin(phone.address, path), wait_until="networkidle")
            seen = phone.page.evaluate("seen")
            paints.append(seen["lcp"])
            shifts.append(seen["cls"])
        paint, shift = statistics.median(paints), max(shifts)
        value = f"{line} {path}: LCP {paint:.0f} ms, CLS {shift:.3f}"
        ux.told(14, paint <= limit and shift <= 0.05, value)


def test_taps_on_a_slow_processor(phone: Person) -> None:
    phone.go("/book/")
    if phone.page.locator("main a.li", has_text=NURSERY).count():
        phone.then(phone.page.locator("main a.li", has_text=NURSERY).first)
    line = phone.context.new_cdp_session(phone.page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    taken: list[float] = []
    for tap in range(TAPS):
        free = phone.page.locator("a.day.ok, a.day.few" if tap % 2 else "a.slot.ok, a.slot.few")
        booking.pick(phone, free.nth(tap // 2 % free.count()))
        taken.append(max(phone.page.evaluate("seen.taps.splice(0)"), default=0))
    worst = max(taken)
    value = f"{TAPS} taps: median {statistics.median(taken):.0f} ms, longest {worst:.0f} ms"
    ux.told(15, worst <= 200, value)
