"""What the demo invents fits the country it is invented in."""

import pytest

from daredemo.demo.households import ALL, Household
from daredemo.demo.nurseries import NURSERIES, Nursery
from daredemo.municipalities import postcodes


@pytest.mark.parametrize("nursery", NURSERIES, ids=lambda nursery: nursery.login)
def test_a_nursery_stands_where_its_post_code_says(nursery: Nursery) -> None:
    (place,) = postcodes.addresses(nursery.post_code)
    assert place.municipality_code == nursery.city
    assert nursery.address.startswith(f"{place.prefecture}{place.city}{place.town}")


@pytest.mark.parametrize("home", ALL, ids=lambda home: home.family_kana)
def test_a_family_lives_where_its_post_code_says(home: Household) -> None:
    places = postcodes.addresses(home.home.post_code)
    assert home.home.town in {f"{place.prefecture}{place.city}{place.town}" for place in places}
