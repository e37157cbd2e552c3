"""Reading the folder: rows of every file with what is wrong in a file by itself."""

import json

from .layout import BOUNDARIES, BOUNDARIES_FILE, BY_NAME, OUTLINE_FILE, TABLES
from .tables import Problem, Row, decode, read_table

SHAPES = {"Polygon", "MultiPolygon"}


def read_folder(folder, problems, *, progress):
    """Rows by the name of their table; None for a file that cannot be read, no entry for one that is absent.

    Args:
        folder: a `Path`.
        problems: a list that takes every fault found.
        progress: called with a message now and then.
    """
    if not folder.is_dir():
        problems.append(Problem(str(folder), 1, "такой папки нет; ожидалась папка с файлами региона"))
        return {}
    _check_names(folder, problems)
    rows = {}
    for table in TABLES:
        path = folder / table.file
        if path.is_file():
            rows[table.name] = read_table(path, table.columns, problems, progress=progress)
            _check_repeats(table, rows[table.name] or [], problems)
        elif table.is_required:
            rows[table.name] = None
            problems.append(Problem(table.file, 1, "файла нет, он обязателен"))
    _check_one_region(rows.get("region"), problems)
    rows[BOUNDARIES.name] = _read_boundaries(folder / BOUNDARIES_FILE, problems)
    _add_outline(folder / OUTLINE_FILE, rows.get("region"), problems)
    return rows


def _check_names(folder, problems):
    known = {table.file for table in BY_NAME.values()} | {OUTLINE_FILE, BOUNDARIES_FILE}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".csv", ".geojson"} and path.name not in known:
            problems.append(Problem(path.name, 1, f"неизвестный файл; допустимы: {', '.join(sorted(known))}"))


def _check_one_region(rows, problems):
    if rows is not None and len(rows) != 1:
        problems.append(Problem("region.csv", 1, f"строк с регионами — {len(rows)}; ожидалась ровно одна"))


def _check_repeats(table, rows, problems):
    """Every key, every code and every single value stands once in a file."""
    groups = dict.fromkeys([table.key, (table.code,), *((name,) for name in table.single)])
    for names in groups:
        seen = {}
        for row in rows:
            values = tuple(row.get(name) for name in names)
            if names == ("",) or not any(value is not None for value in values) or row.is_broken:
                continue
            if values in seen:
                said = ", ".join(f"{name} «{_shown(value)}»" for name, value in zip(names, values, strict=True))
                problems.append(row.problem(f"{said}: повторяет строку {seen[values].line}; ожидалось без повторов"))
                row.is_broken = True
            else:
                seen[values] = row


def _shown(value):
    return "" if value is None else value


def _read_features(path, problems):
    """(attribution, [(line, feature)]) of a GeoJSON file; None where there is no such file or it is broken."""
    if not path.is_file():
        return None
    text = decode(path, problems)
    if text is None:
        return None
    try:
        content = json.loads(text)
        features = content["features"]
        shapes = [feature["geometry"]["type"] for feature in features]
        properties = [feature["properties"] for feature in features]
    except json.JSONDecodeError as error:
        problems.append(Problem(path.name, error.lineno, f"не читается как JSON: {error.msg}"))
        return None
    except (KeyError, TypeError):
        problems.append(Problem(path.name, 1, "ожидался GeoJSON FeatureCollection с geometry и properties"))
        return None
    lines = [_line_of(text, (known or {}).get("slug")) for known in properties]
    for line, shape in zip(lines, shapes, strict=True):
        if shape not in SHAPES:
            problems.append(
                Problem(path.name, line, f"geometry «{shape}» не подходит; допустимо: Polygon, MultiPolygon")
            )
    return content.get("attribution", ""), list(zip(lines, features, strict=True))


def _line_of(text, slug):
    """The line where a feature names its slug; 1 if that is not found."""
    place = max(text.find(f'"slug":"{slug}"'), text.find(f'"slug": "{slug}"'))
    return text.count("\n", 0, place) + 1 if place >= 0 else 1


def _read_boundaries(path, problems):
    read = _read_features(path, problems)
    if read is None:
        return []
    credit, rows = read[0], []
    for line, feature in read[1]:
        slug = (feature["properties"] or {}).get("slug")
        row = Row(path.name, line, {"geometry": feature["geometry"], "credit": credit})
        if isinstance(slug, str) and slug:
            row.values["municipality"] = slug
        else:
            problems.append(row.problem("properties.slug: пусто; ожидался адрес города из municipalities.csv"))
            row.is_broken = True
        rows.append(row)
    _check_repeats(BOUNDARIES, rows, problems)
    return rows


def _add_outline(path, region_rows, problems):
    read = _read_features(path, problems)
    if read is None:
        return
    if len(read[1]) != 1:
        problems.append(Problem(path.name, 1, f"контуров — {len(read[1])}; ожидался ровно один"))
    elif region_rows:
        region_rows[0].values |= {"outline": read[1][0][1]["geometry"], "outline_credit": read[0]}
