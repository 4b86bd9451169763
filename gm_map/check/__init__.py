"""Checking: areas, sentences and redrawn layers held against the plan, and what explains a difference."""
