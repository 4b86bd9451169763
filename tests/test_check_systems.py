"""The table of coordinate systems says what the register of pyproj says; every way to WGS 84 is always the same."""

import numpy as np
import pytest
from pyproj import CRS, Transformer

from gm_map.check import systems
from gm_map.check.systems import BY_CODE, KINDS, SYSTEMS
from gm_map.model import CGCS2000_GK_114, WGS84

READABLE = [system for system in SYSTEMS if system.readable]
REGISTERED = {"wgs84": "WGS 84", "cgcs2000": "CGCS2000", "xian80": "Xian 1980", "beijing54": "Beijing 1954"}
METHODS = {
    "gauss-krueger": "Transverse Mercator",
    "utm": "Transverse Mercator",
    "web-mercator": "Popular Visualisation Pseudo Mercator",
}
LON, LAT = np.array([113.85, 113.93, 114.03]), np.array([22.70, 22.77, 22.85])


@pytest.mark.parametrize("system", READABLE, ids=lambda system: system.code)
def test_a_row_is_what_the_register_has(system):
    crs = CRS.from_user_input(system.code)
    assert ":".join(crs.to_authority(min_confidence=100)) == system.code
    assert (
        crs.geodetic_crs.name.replace("China Geodetic Coordinate System 2000", "CGCS2000") == REGISTERED[system.datum]
    )
    assert system.kind in KINDS
    if system.kind == "geographic":
        assert crs.is_geographic
        assert (system.meridian, system.prefix) == (None, None)
        return
    values = {parameter.name: parameter.value for parameter in crs.coordinate_operation.params}
    assert crs.coordinate_operation.method_name == METHODS[system.kind]
    assert values["Longitude of natural origin"] == system.meridian
    easting = {"web-mercator": 0.0}.get(system.kind, 500_000.0)
    assert values["False easting"] == (system.prefix or 0) * 1e6 + easting
    assert values["False northing"] == 0.0
    assert values.get("Scale factor at natural origin", 1.0) == (0.9996 if system.kind == "utm" else 1.0)


def test_names_say_the_same_as_the_columns():
    for system in READABLE:
        if system.kind == "gauss-krueger":
            registered = CRS.from_user_input(system.code).name
            assert ("3-degree" in registered) == ("3-degree" in system.name.en) == ("3 度" in system.name.zh)
            assert f"{system.meridian:.0f}°" in system.name.en
            assert f"{system.meridian:.0f}°" in system.name.zh
            assert (str(system.prefix) in registered.split("zone")[-1]) == (system.prefix is not None)
    assert len(BY_CODE) == len(SYSTEMS)
    assert len({system.name.zh for system in SYSTEMS}) == len({system.name.en for system in SYSTEMS}) == len(SYSTEMS)


def test_the_table_has_what_a_planning_file_may_be_in():
    counted = {(system.datum, system.kind) for system in SYSTEMS}
    assert {(datum, "gauss-krueger") for datum in ("cgcs2000", "xian80", "beijing54")} <= counted
    assert {(datum, "geographic") for datum in REGISTERED} <= counted
    assert len(SYSTEMS) == 38


def test_the_local_system_of_shenzhen_is_known_and_never_converted():
    (local,) = (system for system in SYSTEMS if not system.readable)
    with pytest.raises(ValueError, match="not public"):
        local.to_wgs84([114_000.0], [40_000.0])


@pytest.mark.parametrize("form", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
@pytest.mark.parametrize("system", READABLE, ids=lambda system: system.code)
def test_a_declaration_is_recognised(system, form):
    found = systems.match(systems.parse(CRS.from_user_input(system.code).to_wkt(form)))
    # The 6-degree belts of 111° and 117° are the 3-degree ones to the last digit; old WKT has no code to tell by.
    assert (found.datum, found.kind, found.meridian, found.prefix) == (
        *(system.datum, system.kind, system.meridian, system.prefix),
    )


CUSTOM = (
    'PROJCS["规划",GEOGCS["GCS_China",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["{method}"],'
    'PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize("method", ["Gauss_Kruger", "Transverse_Mercator"])
@pytest.mark.parametrize(("easting", "prefix"), [(500_000.0, None), (38_500_000.0, 38)])
def test_a_definition_without_a_code_is_known_by_its_parameters(method, easting, prefix):
    found = systems.match(systems.parse(CUSTOM.format(method=method, easting=easting)))
    assert (found.datum, found.meridian, found.prefix) == ("cgcs2000", 114.0, prefix)


def test_another_false_easting_is_another_system():
    assert systems.match(systems.parse(CUSTOM.format(method="Gauss_Kruger", easting=400_000.0))) is None


@pytest.mark.parametrize("declared", ["", None, "rubbish", "EPSG:99999999", "<script>", "x" * 200_000, "EPSG:5773"])
def test_what_is_no_declaration_is_none(declared):
    assert systems.parse(declared) is None


@pytest.mark.parametrize("declared", ["OGC:CRS84", "EPSG:4979", "EPSG:4326"])
def test_heights_and_the_order_of_axes_do_not_matter(declared):
    parsed = systems.parse(declared)
    assert len(parsed.axis_info) == 2
    if declared != "EPSG:4979":
        assert systems.match(parsed).code == WGS84


@pytest.mark.parametrize("system", READABLE, ids=lambda system: system.code)
def test_a_system_leads_back_to_where_it_came_from(system):
    x, y = Transformer.from_crs(WGS84, system.code, always_xy=True).transform(LON, LAT)
    lon, lat = system.to_wgs84(x, y)
    assert np.abs(lon - LON).max() < 2e-8  # a step of Beijing 1954 is not its own inverse to the last millimetre
    assert np.abs(lat - LAT).max() < 2e-8


def test_beijing_1954_takes_one_operation_wherever_a_point_lies():
    lat = np.linspace(22.6, 23.2, 50)
    moved = BY_CODE["EPSG:4214"].to_wgs84(np.full(50, 114.0), lat)
    steps = np.diff(np.array(moved), axis=1)
    assert np.abs(np.diff(steps, axis=1)).max() < 1e-8  # no jump at the edge of an area of use
    assert moved[0][0] - 114.0 == pytest.approx(0.000518, abs=2e-6)


def test_xian_1980_is_a_ballpark_and_cgcs2000_is_unchanged():
    assert set(systems.BALLPARK) == {"xian80"}
    for code in ("EPSG:4490", "EPSG:4610"):
        assert np.array_equal(BY_CODE[code].to_wgs84(LON, LAT), [LON, LAT])
    assert BY_CODE[CGCS2000_GK_114].doubt_m == 0.0
    assert BY_CODE["EPSG:2383"].doubt_m == 130.0


def test_points_that_are_no_numbers_stay_none():
    lon, lat = BY_CODE[CGCS2000_GK_114].to_wgs84(np.array([np.nan, np.inf, 5e5]), np.array([2.5e6, 2.5e6, 2.5e6]))
    assert np.isfinite(lon).tolist() == [False, False, True]
    assert np.isfinite(lat).tolist() == [False, False, True]
