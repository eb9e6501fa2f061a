"""Limits that smell of trouble. The lists may only get shorter: what no longer needs its line has to go."""

from pathlib import Path

from tests.architecture import tree
from tests.conftest import ROOT

FILE, FUNCTION, VIEW, TEMPLATE = 300, 30, 20, 120
LONG_FILES: dict[str, int] = {
    "tests/accounts/test_entering.py": 353,
    "tests/certification/test_decisions.py": 340,
    "tests/interviews/test_interviews.py": 309,
    "tests/portals/guardian/test_apply.py": 358,
}
LONG_FUNCTIONS: dict[str, int] = {
    "daredemo/certification/messages.py:register": 34,
}
LONG_VIEWS: dict[str, int] = {
    "daredemo/portals/city/views/application.py:page": 29,
    "daredemo/portals/city/views/queue.py:queue": 24,
    "daredemo/portals/guardian/views/booking.py:check_page": 27,
}
LONG_TEMPLATES: dict[str, int] = {}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long(sizes: dict[str, int], limit: int, known: dict[str, int]) -> dict[str, int]:
    """What is over the limit and either new or longer than it was; and what may leave the list."""
    over = {name: size for name, size in sizes.items() if size > limit}
    grown = {name: size for name, size in over.items() if size > known.get(name, limit)}
    done = {name: 0 for name in known if name not in over}
    return grown | done


def test_files() -> None:
    tests = [path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    sizes = {tree.name(path): lines(path) for path in [*tree.files(), *tests]}
    assert too_long(sizes, FILE, LONG_FILES) == {}


def functions(*, views: bool) -> dict[str, int]:
    return {
        f"{tree.name(path)}:{name}": size
        for path in tree.files()
        if ("views" in path.parts) is views
        for name, size in tree.functions(path)
    }


def test_functions() -> None:
    assert too_long(functions(views=False), FUNCTION, LONG_FUNCTIONS) == {}


def test_views() -> None:
    assert too_long(functions(views=True), VIEW, LONG_VIEWS) == {}


def test_templates() -> None:
    sizes = {tree.name(path): lines(path) for path in tree.CODE.rglob("*.html")}
    assert too_long(sizes, TEMPLATE, LONG_TEMPLATES) == {}
