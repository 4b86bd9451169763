"""A table that is being matched in the background: how far it is, how long it will take, and how to call it off."""

import threading
import time
from dataclasses import dataclass, field

import polars as pl

from gm_map.batch import Cancelled, match_table, titles
from gm_map.columns import find_columns
from gm_map.errors import GmMapError
from gm_map.uploads import read_table

__all__ = ["Job", "peek"]


def peek(data, name):
    """Names of the columns of a table, what was found in them, and what the file is; InputError for no table.

    Returns
    -------
    tuple
        Names, Columns (or the InputError where no column holds texts), format and encoding.
    """
    with read_table(data, name) as table:
        try:
            found = find_columns(table.names, table.sample)
        except GmMapError as error:
            found = error
        return table.names, found, table.format, table.encoding


@dataclass
class Job:
    """One table. Start it, then ask; ``result`` is the whole table when ``state`` is "done".

    ``state`` is one of running, done, cancelled, failed; ``share`` (0 to 1) is how much of the file is done.
    """

    data: bytes
    name: str
    text_column: str
    weights: object
    language: str
    words: object
    state: str = "running"
    rows: int = 0
    share: float = 0.0
    seconds: float = 0.0
    error: str = ""
    result: pl.DataFrame | None = None
    name_column: str | None = None
    called: dict = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self, reader, district):
        """Begin; returns at once."""
        self._thread = threading.Thread(target=self._run, args=(reader, district), daemon=True, name="match-table")
        self._thread.start()
        return self

    def wait(self, seconds):
        """Return when it has ended, or when so many seconds have gone by."""
        self._thread.join(seconds)

    def cancel(self):
        """Call it off: it ends at its next step."""
        self._stop.set()

    def left(self):
        """Seconds that are left, as far as can be told; None at the beginning."""
        return self.seconds * (1 - self.share) / self.share if self.share > 0.02 and self.seconds > 1 else None

    def _run(self, reader, district):
        begun = time.monotonic()
        try:
            pieces = []
            with read_table(self.data, self.name) as table:
                columns = find_columns(table.names, table.sample, text=self.text_column)
                self.called, self.name_column = titles(table.names), columns.name
                done, before = 0, 0.0
                for frame, share in table.pieces:
                    height, first = max(frame.height, 1), done

                    def progress(count, before=before, share=share, height=height, first=first):
                        self.rows, self.share = first + count, before + (share - before) * count / height
                        self.seconds = time.monotonic() - begun

                    pieces.append(
                        match_table(
                            frame,
                            columns,
                            reader,
                            district,
                            self.weights,
                            progress,
                            self._stop.is_set,
                            language=self.language,
                            words=self.words,
                            first_row=done + 1,
                        )
                    )
                    done, before = done + frame.height, share
                if not pieces:
                    pieces.append(match_table(table.sample, columns, reader, district, self.weights))
            self.result = pl.concat(pieces, how="diagonal_relaxed")
            self.rows, self.share, self.state = self.result.height, 1.0, "done"
        except Cancelled:
            self.state = "cancelled"
        except GmMapError as error:
            self.error, self.state = str(error), "failed"
        except Exception as error:  # a thread's fault would be lost: it is shown, and the log has the rest
            self.error, self.state = type(error).__name__, "failed"
            raise
        finally:
            self.seconds = time.monotonic() - begun
