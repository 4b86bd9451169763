"""Text is never code: the probes, through each of the door's ways out and through Folium itself."""

import html as stdlib_html
import json
import re
import sys

import pytest
from folium import Figure

from gm_map.messages import Messages
from layers import door
from layers.base import DistrictMap, PlaceLayer, Ready

PROBES = (
    "{{ 7*7 }}",
    "{{ cycler.__init__.__globals__.os.getpid() }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{# gone #}",
    "{%raw%}{{7*7}}{%endraw%}",
    "${alert(1)}",
    "`${alert(1)}`",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "'-alert(1)-'",
    '"-alert(1)-"',
    '\\"; alert(1); //',
    "\u2028alert(1)\u2029",
    "名\\u007b\\u007b7*7}}",
    "a & b &amp; c",
    "\u202eabc",
)


@pytest.mark.parametrize("text", PROBES)
def test_literal_gives_back_the_text_and_nothing_else(text):
    written = door.literal({"name": text, text: [text]})
    assert json.loads(written) == {"name": text, text: [text]}
    inside = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', written))
    assert not set("{}%#<>&'`$\u2028\u2029") & set(inside)


def test_literal_keeps_numbers_and_shapes():
    value = {"a": [1, 2.5, None, True, []], "b": {}, "c": {"d": {"e": {}}}}
    assert json.loads(door.literal(value)) == value


def test_literal_never_sets_two_opening_braces_side_by_side():
    assert "{{" not in door.literal([{"a": {"b": {"c": {}}}}, {}, {"": {}}])


def test_literal_refuses_what_json_has_not():
    with pytest.raises(ValueError, match="not JSON compliant"):
        door.literal(float("nan"))


def test_a_lone_surrogate_does_not_stop_the_page():
    assert door.literal("a\ud800b").encode("utf-8")


@pytest.mark.parametrize("text", PROBES)
def test_html_is_inert_and_reads_the_same(text):
    written = door.html(text)
    assert not set("<>\"'`${}") & set(written)
    assert stdlib_html.unescape(written) == text


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("![x](http://evil.example/x.png)", "!["),
        ("[x](javascript:alert(1))", "]("),
        ("$x^2$", "$x^2$"),
        (":red[x] :material/home:", ":red["),
        ("<b>x</b>", "<b>"),
        ("a\n\n# b", "\n"),
        ("1. x", "1. "),
        ("http://evil.example", "http://"),
    ],
)
def test_markdown_leaves_no_markup(text, never):
    written = door.markdown(text)
    assert never not in written
    assert re.sub(r"\\(.)", r"\1", written) == " ".join(text.split())


@pytest.mark.parametrize("text", PROBES)
def test_branca_runs_no_text_of_ours(text, monkeypatch):
    """Through Folium's whole renderer, second template pass included: the text comes out as it went in."""
    ran = []
    monkeypatch.setattr("os.getpid", lambda: ran.append(text))
    words = {
        "bounds": [[0, 0], [1, 1]],
        "limits": [[0, 0], [1, 1]],
        "words": {"map": text},
        "places": {text: {"name": text}},
    }
    drawn = DistrictMap("probe", words)
    PlaceLayer("unit", {"features": {"type": "FeatureCollection", "features": []}, "labels": [{"text": text}]}).add_to(
        drawn
    )
    Ready().add_to(drawn)
    figure = drawn.get_root()
    assert isinstance(figure, Figure)
    drawn.render()
    script = figure.script.render()
    assert not ran
    start = script.index("gm.start(map_probe, ") + len("gm.start(map_probe, ")
    config, _ = json.JSONDecoder().raw_decode(script[start:])
    assert config["words"]["map"] == text
    assert config["places"][text]["name"] == text
    start = script.index("gm.layer(map_probe, ") + len("gm.layer(map_probe, ")
    layer, _ = json.JSONDecoder().raw_decode(script[start:])
    assert layer["labels"][0]["text"] == text
    assert "49" not in script


def test_the_probe_would_be_seen():
    """The same renderer without the door does run the text: the test above can fail."""
    from branca.element import Element

    assert Element("{{ 7*7 }}").render() == "49"
    assert "folium" in sys.modules


def test_messages_fill_a_value_without_reading_it():
    assert "{version}" in Messages("en")("app.footer", version="{version}")
