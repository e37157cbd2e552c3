"""The layout and its description say the same."""

from pathlib import Path

import pytest

from exchange.region_box.layout import BOUNDARIES_FILE, OUTLINE_FILE, TABLES

DEMO = Path(__file__).parents[3] / "demo"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_layout_of_every_file_is_described(table):
    text = (DEMO / "README.md").read_text(encoding="utf-8")
    part = text.partition(f"### {table.file}\n")[2].partition("\n### ")[0]

    expected = [
        f"| `{column.name}` | {'да' if column.required else 'нет'} | {column.cell.about} | {column.about} |"
        for column in table.columns
    ]
    assert [line for line in part.splitlines() if line.startswith("| `")] == expected


def test_layout_names_its_maps():
    text = (DEMO / "README.md").read_text(encoding="utf-8")

    assert [f"### {name}\n" in text for name in (OUTLINE_FILE, BOUNDARIES_FILE)] == [True, True]


def test_layout_refers_only_upwards():
    seen = set()
    for table in TABLES:
        seen.add(table.name)
        referred = {column.cell.table for column in table.columns if hasattr(column.cell, "table")}
        assert referred <= seen
