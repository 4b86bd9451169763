"""The measure itself, on cases that a person can count."""

import pytest

from gm_map import catalogue as catalogue_module
from gm_map.errors import InputError
from gm_map.evaluate import FIGURES, Label, Said, labels, measure
from gm_map.model import Status


@pytest.fixture(scope="module")
def catalogue():
    return catalogue_module.load()


def label(topics=("t1",), clusters=("c1",), zones=("z1",), kind="normal", fields=("f1",), industries=("i1",)):
    return Label(False, industries, fields, topics, clusters, zones, kind)


def said(topic="t1", clusters=("c1",), zone="z1", status=Status.MATCH, confidence=0.95, field="f1", industry="i1"):
    return Said(status, industry, field, topic, clusters, zone, confidence)


NONE = Label(True, (), (), (), None, None, "negative")
SAID_NONE = Said(Status.NONE, None, None, None, (), None, 0.8)


def test_a_reader_that_is_always_right():
    figures = measure([label(), NONE], [said(), SAID_NONE])
    assert {name: figures[name] for name in FIGURES} == {**dict.fromkeys(FIGURES, 1.0), "n": 2, "coverage": 0.5}
    assert list(figures["by_kind"]) == ["negative", "normal"]
    assert figures["by_kind"]["negative"]["topic_top1"] is None
    assert figures["by_kind"]["normal"]["none_recall"] is None


def test_unsure_counts_by_its_first_value_and_covers_nothing():
    figures = measure([label(("t2", "t1"))], [said(status=Status.UNSURE)])
    assert (figures["topic_top1"], figures["coverage"]) == (1.0, 0.0)


def test_said_to_be_none_is_wrong_even_where_none_is_among_the_accepted():
    figures = measure([label(), label()], [SAID_NONE, said("t2")])
    assert (figures["topic_top1"], figures["field_top1"], figures["cluster_top1"]) == (0.0, 0.5, 0.5)
    assert (figures["none_precision"], figures["none_recall"], figures["none_f1"]) == (0.0, None, 0.0)


def test_none_as_a_class():
    truth = [NONE, NONE, NONE, label(), label()]
    told = [SAID_NONE, SAID_NONE, said(), SAID_NONE, said()]
    figures = measure(truth, told)
    assert (figures["none_precision"], figures["none_recall"]) == (0.6667, 0.6667)
    assert figures["none_f1"] == 0.6667
    assert figures["topic_top1"] == 0.5


def test_clusters_in_their_order():
    truth = [label(clusters=("c2", "c4"))] * 4 + [label(clusters=None, zones=None)]
    told = [
        said(clusters=("c4",)),
        said(clusters=("c1", "c3", "c2")),
        said(clusters=("c1", "c3", "c5", "c2")),
        said(clusters=(None, "c2")),
        said(clusters=()),
    ]
    figures = measure(truth, told)
    assert (figures["cluster_top1"], figures["cluster_top3"], figures["zone_top1"]) == (0.25, 0.75, 1.0)


def test_calibration():
    truth = [label()] * 4
    told = [said(confidence=0.95), said("t2", confidence=0.91), said(confidence=1.0), said("t2", confidence=0.0)]
    calibration = measure(truth, told)["calibration"]
    assert [row["n"] for row in calibration["bins"]] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert (calibration["bins"][9]["confidence"], calibration["bins"][9]["right"]) == (0.9533, 0.6667)
    assert calibration["error"] == pytest.approx(0.215, abs=1e-3)
    assert measure([], [])["calibration"]["error"] is None


def row(**cells):
    return {"text": "…", "industry": "", "clusters": "未指定", "zones": "", "kind": "normal", **cells}


def test_labels_by_name(catalogue):
    one, two, three, four = labels(
        [
            row(field="前沿技术", clusters="智能产业集群|高端科技创新平台集群", zones="产业发展区"),
            row(field="none", industry="none", clusters="none", zones="none"),
            row(field="数字生命|第三代半导体材料", clusters="未指定|智能产业集群"),
            row(field="人工智能"),
        ],
        catalogue,
    )
    assert (len(one.topics), one.industries) == (1, ("industry-1",))  # a name that is a topic means the topic
    assert (one.clusters, one.zones) == (("cluster-3", "cluster-1"), ("zone-3",))
    assert two.none
    assert two.clusters is None
    assert (len(three.topics), three.industries, three.clusters) == (2, ("industry-3", "industry-2"), None)
    assert len(four.topics) > 1  # a field: each of its topics is right
    assert len(four.fields) == 1


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"field": "半导体"}, "row 3 · field: found “半导体”"),
        ({"field": ""}, "row 3 · field: found nothing"),
        ({"field": "化学药", "clusters": "某集群"}, "row 3 · clusters"),
    ],
)
def test_a_label_that_the_plan_does_not_have_is_refused(catalogue, cells, words):
    with pytest.raises(InputError, match=words):
        labels([row(field="none"), row(**cells)], catalogue)
