"""Numbers as people read them: with a unit, with what is uncertain, and with no more digits than are known."""

import math

__all__ = ["counted", "distance", "km2", "plain", "signed"]


def plain(value) -> str:
    """A figure as the plan writes it: no trailing zeros, thousands apart."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def counted(value, unit) -> str:
    """A figure of the plan with its unit; a unit that begins with a number is multiplied by.

    >>> counted(800.0, "亿元"), counted(800.0, "100 million yuan")
    ('800 亿元', '800 × 100 million yuan')
    """
    return f"{plain(value)} × {unit}" if unit[:1].isdigit() else f"{plain(value)} {unit}"


def km2(value, uncertainty_km2=None) -> str:
    """An area in square kilometres, to two digits of its uncertainty.

    >>> km2(4.0031, 1.87)
    '4.0 ± 1.9 km²'
    >>> km2(16.0)
    '16.00 km²'
    """
    if not uncertainty_km2:
        return f"{value:.2f} km²"
    digits = max(0, 1 - math.floor(math.log10(uncertainty_km2)))
    return f"{value:.{digits}f} ± {uncertainty_km2:.{digits}f} km²"


def distance(metres) -> str:
    """A distance: tens of metres below one kilometre, tenths of a kilometre above.

    >>> distance(284), distance(5430)
    ('280 m', '5.4 km')
    """
    return f"{round(metres, -1):.0f} m" if metres < 950 else f"{metres / 1000:.1f} km"


def signed(value) -> str:
    """A number with its sign, to two decimals, with a proper minus.

    >>> signed(0.5), signed(-1.014), signed(-0.001)
    ('+0.50', '−1.01', '+0.00')
    """
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "\N{MINUS SIGN}")
