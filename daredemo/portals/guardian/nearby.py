"""From where distances are measured: where the phone is, or as near as a post code says."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from daredemo.facilities import queries as facilities
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.forms.facilities import USUAL, SearchForm


@dataclass(frozen=True, slots=True)
class Near:
    """A place to measure from, and how far to look. Without a post code it is where the phone is."""

    point: facilities.Point
    km: int
    code: str = ""  # 4360079
    area: str = ""  # whose facilities have their middle here: 掛川市掛川, or 掛川市
    count: int = 0  # of them

    @property
    def rough(self) -> bool:
        """Whether distances are only as good as a post code."""
        return bool(self.code)

    @property
    def words(self) -> str:
        """〒436-0079から 10km"""
        if not self.code:
            return _("いまいる場所から %(km)dkm") % {"km": self.km}
        facts = {"code": f"{self.code[:3]}-{self.code[3:]}", "km": self.km}
        return _("〒%(code)sから %(km)dkm") % facts


def near(form: SearchForm, day: date) -> Near | None:
    """What the form says of it; the post code comes first. A code that leads nowhere is said in the form."""
    asked = form.cleaned_data
    km = asked.get("km", USUAL)
    if asked.get("code"):
        return _by_code(form, asked["code"], km, day)
    latitude, longitude = asked.get("lat"), asked.get("lon")
    if latitude is None or longitude is None:
        return None
    return Near(facilities.Point(latitude, longitude), km)


def _by_code(form: SearchForm, code: str, km: int, day: date) -> Near | None:
    """The middle of the facilities of its towns; one query."""
    places = municipalities.post_code(code)
    if not places:
        form.add_error("code", _("この郵便番号は 見つかりませんでした。"))
        return None
    towns = [one.prefecture + one.city + one.town for one in places if one.town]
    centre = facilities.centre(places[0].municipality_code, towns, day)
    if centre is None:
        nothing = _("この市町村には、場所がわかる園が ありません。市町村か住所で さがしてください。")
        form.add_error("code", nothing)
        return None
    area = places[0].city + (places[0].town if centre.in_town and len(towns) == 1 else "")
    return Near(centre.point, km, code, area, centre.count)
