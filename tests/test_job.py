"""A table in the background: the rows all come back, it can be called off, and a fault is told."""

import pytest

from gm_map import district
from gm_map.errors import InputError
from gm_map.reader.reader import reader
from views.job import Job, peek


@pytest.fixture(scope="module")
def here():
    return district.load()


def table(count):
    lines = ["名称,简介", *(f"甲{number},碳化硅外延片项目{number}" for number in range(count))]
    return "\n".join(lines).encode()


def job_of(data, column="简介"):
    return Job(data, "t.csv", column, "balanced", "zh", str)


def ended(job):
    job.wait(60)
    return job


def test_all_rows_come_back_in_order(here):
    job = ended(job_of(table(4500)).start(reader(), here))
    assert job.state == "done"
    assert job.result["名称"].to_list() == [f"甲{number}" for number in range(4500)]
    assert (job.rows, job.share) == (4500, 1.0)
    assert job.name_column == "名称"


def test_a_table_without_rows_is_a_table(here):
    job = ended(job_of(table(0)).start(reader(), here))
    assert job.state == "done"
    assert job.result.height == 0


def test_it_can_be_called_off(here):
    job = job_of(table(30_000))
    job.cancel()
    assert ended(job.start(reader(), here)).state == "cancelled"
    assert job.result is None


def test_a_fault_is_told(here):
    job = ended(job_of(table(3), column="没有").start(reader(), here))
    assert job.state == "failed"
    assert "没有" in job.error


def test_a_look_tells_columns_before_anything_is_read():
    names, columns, kind, encoding = peek(table(3), "t.csv")
    assert names == ("名称", "简介")
    assert columns.text == "简介"
    assert kind == "csv"
    assert encoding
    assert isinstance(peek(b"a,b\n1,2\n", "t.csv")[1], InputError)


def test_time_left_is_told_once_it_can_be():
    job = job_of(b"")
    assert job.left() is None
    job.share, job.seconds = 0.25, 10.0
    assert job.left() == 30.0
