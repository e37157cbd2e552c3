"""Geometry of the chain: SVG of one link, of the glyph in a line, of the vertical spine (`docs/numbers.md`).

Words gain weight: thin, medium, thick, solid. Numbers are those of the design language.
"""

from django.utils.safestring import mark_safe

from strategies.chain import State

STROKES = (1.5, 3.5, 7.0, None)  # None: filled
GLYPH_SCALE = 0.62


def _n(number):
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _pill(x, width, height, stroke, css):
    half = stroke / 2
    return (
        f'<rect class="{css}" x="{_n(x + half)}" y="{_n(half)}" width="{_n(width - stroke)}" '
        f'height="{_n(height - stroke)}" rx="{_n(height / 2 - half)}"'
        + (f' stroke-width="{_n(stroke)}"/>' if css == "on" else "/>")
    )


def _solid(x, width, height):
    return f'<rect class="fill" x="{_n(x)}" y="0" width="{_n(width)}" height="{_n(height)}" rx="{_n(height / 2)}"/>'


def _right_dots(x, width, height):
    radius = height / 2 - 0.75
    middle, end = x + width / 2, x + width - height / 2
    return (
        f'<path class="off" d="M{_n(middle)} 0.75H{_n(end)}A{_n(radius)} {_n(radius)} 0 0 1 {_n(end)} '
        f'{_n(height - 0.75)}H{_n(middle)}"/>'
    )


def _left_half(x, width, height, stroke):
    middle, start = x + width / 2, x + height / 2
    if stroke is None:
        radius = height / 2
        return (
            f'<path class="fill" d="M{_n(middle)} 0H{_n(start)}A{_n(radius)} {_n(radius)} 0 0 0 {_n(start)} '
            f'{_n(height)}H{_n(middle)}z"/>'
        )
    half = stroke / 2
    radius = height / 2 - half
    return (
        f'<path class="on" stroke-width="{_n(stroke)}" d="M{_n(middle)} {_n(half)}H{_n(start)}'
        f'A{_n(radius)} {_n(radius)} 0 0 0 {_n(start)} {_n(height - half)}H{_n(middle)}"/>'
    )


def _gap(x, width, height):
    radius, cap = height / 2 - 1, height * 0.14
    start, end = x + height / 2, x + width - height / 2
    return (
        f'<path class="gap" d="M{_n(start + cap)} 1H{_n(start)}A{_n(radius)} {_n(radius)} 0 0 0 {_n(start)} '
        f"{_n(height - 1)}H{_n(start + cap)}M{_n(end - cap)} 1H{_n(end)}A{_n(radius)} {_n(radius)} 0 0 1 {_n(end)} "
        f'{_n(height - 1)}H{_n(end - cap)}"/>'
    )


def _run(x, width, height, percent):
    # Clamped so that it never looks empty or finished.
    filled = x + width * min(max(percent or 0, 16), 84) / 100
    radius, start = height / 2, x + height / 2
    return _pill(x, width, height, 1.5, "on") + (
        f'<path class="fill" d="M{_n(max(filled, start))} 0H{_n(start)}A{_n(radius)} {_n(radius)} 0 0 0 {_n(start)} '
        f'{_n(height)}H{_n(max(filled, start))}z"/>'
    )


def _warning(x, scale):
    return (
        f'<g transform="translate({_n(x)} 0) scale({_n(scale)})"><path class="hole" d="M0 -7l10 17h-20z"/>'
        '<path class="fill" d="M0 -4l7 12.5h-14z"/><path class="bang" d="M0 0v4m0 1.4v1.6"/></g>'
    )


def _shape(step, state, x, width, height, scale, percent):
    stroke = STROKES[step] * scale if STROKES[step] else None
    if state == State.NO:
        return _pill(x, width, height, 1.5, "off")
    if state == State.GAP:
        return _gap(x, width, height)
    if state == State.PART:
        return _right_dots(x, width, height) + _left_half(x, width, height, stroke)
    if state == State.RUN:
        return _run(x, width, height, percent)
    return _pill(x, width, height, stroke, "on") if stroke else _solid(x, width, height)


def _classes(state):
    extra = {State.LATE: " lk--late", State.NO: " lk--none"}
    return "lk" + extra.get(state, "")


def link(step, state, percent=None, *, vertical=False):
    """SVG of one link, 56 × 32.

    Args:
        step: 0–3, from «сказано» to «сделано».
        state: a `State`.
        percent: how far the work is, for `run`.
        vertical: turned by a quarter, for the spine.
    """
    body = _shape(step, State(state), 0, 56, 32, 1, percent)
    if state == State.LATE:
        body += _warning(50, 1)
    box, size = "0 0 56 32", 'width="56" height="32"'
    if vertical:
        body = f'<g transform="matrix(0 1 -1 0 32 0)">{body}</g>'
        box, size = "0 0 32 56", 'width="32" height="56"'
    return mark_safe(  # noqa: S308 - numbers and fixed names only
        f'<svg class="{_classes(state)}" viewBox="{box}" {size} aria-hidden="true">{body}</svg>'
    )


def glyph(chain):
    """SVG of four links in a row, 141 × 17, for a line of text; the words stand beside it."""
    parts = []
    for step, (_name, _word, state) in enumerate(chain.links):
        shape = _shape(step, state, step * 37, 30, 17, GLYPH_SCALE, chain.filled)
        parts.append(f'<g class="{_classes(state)}">{shape}</g>' if state == State.LATE else shape)
    for step, (name, _word, _state) in enumerate(chain.links[:-1]):
        if chain.joined(name):
            parts.append(f'<path class="bar" d="M{_n(step * 37 + 25.5)} 8.5h16"/>')
    if chain.done == State.LATE:
        parts.append(f'<g class="lk lk--late">{_warning(139, GLYPH_SCALE)}</g>')
    body = "".join(parts)
    return mark_safe(  # noqa: S308 - numbers and fixed names only
        f'<svg class="lk" viewBox="0 0 141 17" width="141" height="17" aria-hidden="true">{body}</svg>'
    )
