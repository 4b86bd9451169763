"""What a person marks as wrong is kept once, as a row of the training texts, and never as a formula."""

import csv

import pytest

from gm_map import feedback
from gm_map.errors import InputError


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_is_kept_with_its_label(tmp_path):
    path = feedback.keep('碳化硅, "外延"\n两行', "第三代半导体材料", "abcd1234", tmp_path / "new")
    assert rows(path) == [
        {
            "text": '碳化硅, "外延"\n两行',
            "topic": "第三代半导体材料",
            "kind": "normal",
            "style": "feedback",
            "id": rows(path)[0]["id"],
            "reader": "abcd1234",
        }
    ]


def test_the_same_is_kept_once_and_another_label_is_another_row(tmp_path):
    for topic in ("none", "none", "化学药"):
        path = feedback.keep("一段文字", topic, "r", tmp_path)
    assert [row["topic"] for row in rows(path)] == ["none", "化学药"]
    assert rows(path)[0]["kind"] == "negative"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tx"])
def test_no_cell_is_a_formula(tmp_path, text):
    assert rows(feedback.keep(text, "none", "r", tmp_path))[0]["text"] == f"'{text}"


def test_the_folder_is_the_operators_or_in_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("GM_MAP_FEEDBACK", str(tmp_path))
    assert feedback.folder() == tmp_path
    monkeypatch.delenv("GM_MAP_FEEDBACK")
    assert feedback.folder().name == ".gm_map"


def test_nothing_is_kept_of_nothing_and_a_closed_door_is_told(tmp_path):
    with pytest.raises(InputError, match="nothing to keep"):
        feedback.keep(" ", "none", "r", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        feedback.keep("x", "none", "r", tmp_path / "file" / "below")
