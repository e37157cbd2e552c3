"""Small server-side SVG charts: no script, prints, works offline. A data table always stands beside them."""

from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from municipalities.numbers import with_marks

WIDTH, HEIGHT, BASE = 720, 250, 216
TOP = 34
SIGN, LINE = 15, 28  # of large letters on a narrow page: how wide a sign is, how far a line is from the next


def _n(number):
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _value(number):
    text = f"{float(number):,.1f}".rstrip("0").rstrip(".")
    return with_marks(text, translation.get_language())


def _svg(box, css, label, body):
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        css, box[0], box[1], label, mark_safe(body),  # noqa: S308 - the body is made of numbers
    )  # fmt: skip


def line(points, label):
    """A line chart of (year, number) points sorted by year, from zero; empty for fewer than two points."""
    if len(points) < 2:
        return ""
    years, values = [year for year, _ in points], [float(value) for _, value in points]
    top, span = max(values) or 1, (years[-1] - years[0]) or 1
    spots = [
        (8 + (year - years[0]) / span * (WIDTH - 70), BASE - value / top * (BASE - TOP))
        for year, value in zip(years, values, strict=True)
    ]
    path = "L".join(f"{_n(x)} {_n(y)}" for x, y in spots)
    parts = [f'<path class="zero" d="M0 {BASE}H{WIDTH}"/><path class="line" d="M{path}"/>']
    last = len(spots) - 1
    named = {0, last, values.index(max(values))}
    taken = []
    for index, (x, y) in enumerate(spots):
        parts.append(f'<circle class="pt{" pt--last" if index == last else ""}" cx="{_n(x)}" cy="{_n(y)}" r="4.5"/>')
        if index in named and all(abs(x - other) > 46 for other in taken):
            taken.append(x)
            anchor = "start" if index == 0 else "middle"
            parts.append(
                f'<text class="val" x="{_n(x)}" y="{_n(y - 12)}" text-anchor="{anchor}">'
                f"{_value(points[index][1])}</text>"
            )
            parts.append(f'<text x="{_n(x)}" y="240" text-anchor="{anchor}">{years[index]}</text>')
    return _svg((WIDTH, HEIGHT), "chart__svg", label, "".join(parts))


def plan_fact(values, label):
    """Bars by year. `values`: objects with `year`, `target`, `actual`, `is_preliminary`; empty without numbers."""
    values = [value for value in values if value.year is not None]
    numbers = [float(n) for value in values for n in (value.target, value.actual) if n is not None]
    if not numbers:
        return ""
    high, low = max(*numbers, 0), min(*numbers, 0)
    scale = 150 / ((high - low) or 1)
    zero = 190 + low * scale  # figures under zero hang from its line
    step = WIDTH / max(len(values), 4)
    width = min(34, step * 0.3)
    widest = max(sum(SIGN * len(_value(n)) for n in (one.target, one.actual) if n is not None) for one in values)
    # Side by side the numbers of a year meet neither each other nor the next year; or one stands on the other.
    is_stacked = widest > step
    parts = []
    for index, value in enumerate(values):
        middle = step * (index + 0.5)
        parts.append(_bars(value, middle, width, scale, zero, is_stacked))
        parts.append(f'<text x="{_n(middle)}" y="226" text-anchor="middle">{value.year}</text>')
    parts.append(f'<path class="zero" d="M0 {_n(zero)}H{WIDTH}"/>')
    return _svg((WIDTH, 236), "chart__svg", label, "".join(parts))


def _bars(value, middle, width, scale, zero, is_stacked):
    parts, tops = [], []
    for number, shift, css, text, anchor in (
        (value.actual, 2, "fact fact--pre" if value.is_preliminary else "fact", "val", "start"),
        (value.target, -width - 2, "plan", "", "end"),
    ):
        if number is None:
            continue
        height, x = abs(float(number)) * scale, middle + shift
        top, said = (zero - height, zero - height - 7) if number >= 0 else (zero, zero + height + 14)
        place = middle - 4 if anchor == "end" else middle + 4
        if None in {value.actual, value.target}:
            place, anchor = x + width / 2, "middle"
        elif is_stacked:
            place, anchor = middle, "middle"
            said = min(said, *(one - LINE for one in tops)) if tops else said
            tops.append(said)
        parts.append(
            f'<rect class="{css}" x="{_n(x)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}"/>'
            f'<text class="{text}" x="{_n(place)}" y="{_n(said)}" text-anchor="{anchor}">{_value(number)}</text>'
        )
    return "".join(reversed(parts))


def bar(value, total, label):
    """A share as a bar; empty where a number is missing or the total is zero."""
    if value is None or not total:
        return ""
    share = min(max(float(value) / float(total) * 100, 0), 100)
    body = (
        '<rect class="b0" x="0" y="0" width="100" height="10"/>'
        f'<rect class="b1" x="0" y="0" width="{_n(share)}" height="10"/>'
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label, mark_safe(body),  # noqa: S308 - the body is made of numbers
    )  # fmt: skip


def segments(parts, label):
    """Shares of a whole as one bar. `parts`: (tone of a status, number); empty where the total is zero."""
    total = sum(number for _tone, number in parts)
    if not total:
        return ""
    x, body = 0, []
    for tone, number in parts:
        width = number / total * 100
        body.append(f'<rect class="b-{tone}" x="{_n(x)}" y="0" width="{_n(max(width - 0.4, 0.2))}" height="10"/>')
        x += width
    box = (
        '<svg class="bar bar--tall" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    )
    return format_html(box, label, mark_safe("".join(body)))  # noqa: S308 - the body is made of numbers and fixed names


def spark(points, label):
    """A small line of percentages from the oldest to the newest; empty for fewer than two."""
    if len(points) < 2:
        return ""
    step = 96 / (len(points) - 1)
    spots = [(2 + index * step, 29 - 27 * float(value) / 100) for index, value in enumerate(points)]
    path = "L".join(f"{_n(x)} {_n(y)}" for x, y in spots)
    end = spots[-1]
    body = (
        f'<path class="base" d="M0 30h102M0 1h102"/><path class="line" d="M{path}"/>'
        f'<circle class="end" cx="{_n(end[0])}" cy="{_n(end[1])}" r="3.4"/>'
    )
    return _svg((102, 32), "spark", label, body)
