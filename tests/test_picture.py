"""The still picture of the district: whole, the same each time, and what is lit differs from what is not."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from gm_map import district
from gm_map.messages import Messages
from gm_map.model import Level
from layers import flat, picture, style

MATERIALS = ("unit-17", "unit-18", "unit-19", "unit-20", "unit-21")


@pytest.fixture(scope="module")
def here():
    return district.load()


def colour_at(here, image, place):
    """The colour beside the label of a place."""
    sheet = flat.sheet(here, image.width)
    latitude, longitude = here.label_point(place)
    x, y = sheet.at(longitude, latitude)
    return image.getpixel((round(x), round(y) + 18))


def away(colour, other):
    """How far two colours are apart."""
    rgb = (int(other[at : at + 2], 16) for at in (1, 3, 5))
    return sum(abs(one - two) for one, two in zip(colour, rgb, strict=True))


def test_the_sheet_holds_the_district_and_keeps_its_shape(here):
    sheet = flat.sheet(here, 900)
    west, south, east, north = here.bounds
    left, top = sheet.at(west, north)
    right, bottom = sheet.at(east, south)
    assert 0 < left < right < sheet.width
    assert 0 < top < bottom < sheet.height
    assert (right - left) / (bottom - top) == pytest.approx((east - west) * 0.922 / (north - south), rel=0.01)


def test_lit_places_have_their_colour_and_the_others_none(here):
    image = Image.open(io.BytesIO(picture.png(here, MATERIALS, "cluster-5", Messages("zh"), width=600)))
    assert image.width == 600
    assert 600 < image.height < 660
    for unit in here.catalogue.at(Level.UNIT):
        seen, fill = colour_at(here, image, unit.id), style.CLUSTERS[unit.parent_id]["fill"]
        assert (away(seen, fill) < away(seen, style.PALE["fill"])) == (unit.id in MATERIALS), unit.id


def test_the_same_places_give_the_same_bytes(here):
    args = (here, MATERIALS, "unit-17", Messages("en"), 300)
    assert picture.png(*args) == picture.png(*args)


def test_nothing_lit_is_a_picture_too(here):
    assert picture.png(here, (), None, Messages("zh"), 200).startswith(b"\x89PNG")
    names = {text for text, _, _ in picture.labels(here, (), Messages("zh"))}
    assert names == {place.short.zh for place in here.catalogue.at(Level.ZONE)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_svg_is_whole_and_holds_no_script(here, language):
    told = picture.svg(here, MATERIALS, "cluster-5", Messages(language))
    root = ElementTree.fromstring(told)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "defs", "pattern", "path", "circle", "rect", "text"}
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [here.catalogue.places[unit].short.of(language) for unit in MATERIALS]
