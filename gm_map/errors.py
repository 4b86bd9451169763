"""Every way the package says no.

::

    GmMapError
    ├── DataError          the shipped data is broken: raised once, with all its faults
    ├── UnknownNameError   a name that the plan does not have, with the names near to it
    └── InputError         what a person handed in cannot be read
"""

from dataclasses import dataclass

__all__ = ["DataError", "Fault", "GmMapError", "InputError", "UnknownNameError"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a file: where, in which field, what stood there, what should, and the way out."""

    place: str
    field: str
    found: str
    wanted: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place} · {self.field}: found “{self.found}”, wanted {self.wanted}; {self.remedy}"


class GmMapError(Exception):
    """What all errors of the package have in common."""


class DataError(GmMapError):
    """The data under ``geodata/`` breaks its own rules.

    Parameters
    ----------
    faults : iterable of Fault
        All of them: whoever mends a file wants the whole list, not the first line of it.
    """

    def __init__(self, faults):
        self.faults = tuple(sorted(faults))
        count = len(self.faults)
        super().__init__("\n".join([f"{count} fault{'s' if count != 1 else ''} in the data:", *map(str, self.faults)]))


class UnknownNameError(GmMapError):
    """A name that stands for nothing in the plan.

    Parameters
    ----------
    name : str
        As it was given.
    near : sequence of str
        Names of the plan that are spelled or sound alike, nearest first; may be empty.
    """

    def __init__(self, name, near=()):
        self.name, self.near = name, tuple(near)
        hint = f"; near to it: {', '.join(self.near)}" if self.near else "; no name of the plan is near to it"
        super().__init__(f"“{name}” is no name in the plan{hint}")


class InputError(GmMapError):
    """What a person handed in cannot be used; the message is one sentence that says what to do."""
