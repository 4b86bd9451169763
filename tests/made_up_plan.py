"""A made-up text in which every cited phrase stands where the catalogue cites it: the plan's own is not ours."""

from gm_map import plan_text

HOSTILE = '<script>window.hurt=1</script><b>b</b> {{7*7}} **m** [l](x "t") $a$ :red[r] `c` | \\ &amp; '


def written(catalogue, before="made up: ") -> str:
    """The text: each cited sentence is ``before`` and the phrases cited in it; all else is filling."""
    phrases = {}
    for cite in plan_text.citations(catalogue):
        phrases.setdefault((cite.paragraph, cite.sentence), {})[cite.phrase] = None
    longest = max(
        [paragraph for paragraph, _ in phrases] + [n for o in catalogue.oddities.values() for n in o.paragraphs]
    )
    lines = []
    for paragraph in range(1, longest + 1):
        last = max([sentence for line, sentence in phrases if line == paragraph], default=1)
        told = (", ".join(phrases.get((paragraph, number), {"filling": None})) for number in range(1, last + 1))
        lines.append("".join(f"{before}{sentence}\N{IDEOGRAPHIC FULL STOP}" for sentence in told))
    return "\n".join(lines)
