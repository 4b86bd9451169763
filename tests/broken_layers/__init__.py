"""Layers with faults, each made of the shipped outlines by one function that knows what is wrong, and where."""

from broken_layers import against, alone, between, several
from broken_layers.case import CASES, Case, Expected, Findings, checked

__all__ = ["CASES", "Case", "Expected", "Findings", "against", "alone", "between", "checked", "several"]
