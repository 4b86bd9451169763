"""The witness itself: a page that asks for something outside, or that reports an error, does not go unseen."""


def test_a_request_to_the_outside_is_refused_and_noted(visit, witness):
    page = visit()
    asking = "() => fetch('http://tiles.invalid/1/2/3.png').then(() => 'came', () => 'refused')"
    assert page.evaluate(asking) == "refused"
    assert witness.outside == ["http://tiles.invalid/1/2/3.png"]
    assert "tiles.invalid" in witness.verdict()
    witness.outside.clear()
    witness.errors.clear()


def test_an_error_on_the_console_is_noted(visit, witness):
    page = visit()
    page.evaluate("() => console.error('broken on purpose')")
    page.evaluate("() => setTimeout(() => { throw new Error('thrown on purpose') }, 0)")
    page.wait_for_timeout(50)
    assert [text.split(": ", 1)[1].split(" (")[0] for text in witness.errors] == [
        "broken on purpose",
        "thrown on purpose",
    ]
    witness.errors.clear()


def test_the_interface_speaks_the_shipped_typeface(page):
    families = page.evaluate("() => [...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)")
    assert {family.strip("\"'") for family in families} >= {"GM Sans SC"}
    body = page.evaluate("() => getComputedStyle(document.querySelector(\"[data-testid='stApp']\")).fontFamily")
    assert body.replace("'", '"').startswith('"GM Sans SC"')
