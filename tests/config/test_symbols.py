import re

import pytest

from config import symbols
from strategies.chain import Chain, State


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("state", State)
def test_every_state_of_every_step_has_a_picture(step, state):
    picture = symbols.link(step, state, 40)

    assert re.match(r'^<svg class="lk[^"]*" viewBox="0 0 56 32"', picture)
    assert re.search(r"<(rect|path)", picture)


def test_pictures_of_different_states_differ():
    pictures = {symbols.link(3, state, 40) for state in State}

    assert len(pictures) == len(State)


def test_links_gain_weight():
    widths = [re.search(r'stroke-width="([\d.]+)"', symbols.link(step, "yes")) for step in range(4)]

    assert [found and found[1] for found in widths] == ["1.5", "3.5", "7", None]


@pytest.mark.parametrize(("percent", "edge"), [(0, "16"), (60, "33.6"), (99, "47.04")])
def test_work_under_way_never_looks_empty_or_finished(percent, edge):
    assert f"M{edge} 0H" in symbols.link(3, "run", percent)


def test_glyph_joins_only_confirmed_neighbours():
    whole = Chain(State.YES, State.YES, State.YES, State.YES)
    broken = Chain(State.YES, State.PART, State.YES, State.RUN, 40)

    assert symbols.glyph(whole).count('class="bar"') == 3
    assert symbols.glyph(broken).count('class="bar"') == 1
