"""Files of tables spoilt at random, the same for the same seed: bytes, packages, XML, encodings, sizes."""

import io
import random
import re
import zipfile

from tests.exchange.sheets.made import CASES, HEAD, ROWS, ods, ods_cell, packed, rows_of, xlsx

NUMBERS = ["-1", "0", "2147483648", "1048577", "16385", "9" * 30, "1e308", "NaN", "", "x", "1.5", "&#0;", "true"]
PIECES = [
    b"\0",
    b"\xff",
    b'"',
    b"<",
    b"</row>",
    b"&a;",
    b"<!DOCTYPE a [<!ENTITY a 'b'>]>",
    b"\x01",
    b"\xd0",
    b"\r",
    b";" * 50,
]
ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "cp1251",
    "cp866",
    "koi8-r",
    "mac_cyrillic",
    "utf-32",
    "utf-7",
]


def whole_files():
    """[(name, content)] of files that read well."""
    row = (
        "<table:table-row>" + "".join(map(ods_cell, HEAD)) + ods_cell("41%", "percentage", 0.41) + "</table:table-row>"
    )
    text = "\n".join(";".join(row) for row in ROWS)
    styles = '<fonts><font><strike/></font></fonts><cellXfs><xf numFmtId="14"/><xf numFmtId="10" fontId="0"/></cellXfs>'
    cells = '<c r="A4" s="0"><v>46387</v></c><c r="B4" s="1"><v>0.5</v></c><c r="C4" t="s"><v>0</v></c>'
    sheet = rows_of(*ROWS).replace("</sheetData>", f'<row r="4" hidden="1">{cells}</row></sheetData>')
    sheet += '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    made = [
        ("a.ods", ods(f'<table:table table:name="А">{row}</table:table>')),
        ("a.xlsx", xlsx(sheet, styles=styles, texts="<si><t>а</t></si>")),
        ("b.xlsx", xlsx(rows_of(*ROWS), rows_of(*ROWS))),
        *((f"{encoding}.csv", text.encode(encoding, errors="replace")) for encoding in ENCODINGS),
    ]  # fmt: skip
    return made + [(path.name, path.read_bytes()) for path in sorted(CASES.iterdir())]


def mutated(count, seed=0):
    """Yield (name, content) of so many spoilt files."""
    chance = random.Random(seed)
    files = whole_files()
    for _number in range(count):
        name, content = chance.choice(files)
        ways = [_bytes, _cut, _bytes] if not content.startswith(b"PK") else [_bytes, _cut, _package, _package, _package]
        if name.endswith((".csv", ".tsv")):
            ways += [_encoded]
        for _time in range(chance.randint(1, 3)):
            content = chance.choice(ways)(chance, content)
        yield name, content


def _bytes(chance, content):
    spoilt = bytearray(content)
    for _time in range(chance.randint(1, 12)):
        place = chance.randrange(len(spoilt) + 1)
        if chance.random() < 0.5:
            spoilt[place : place + 1] = bytes([chance.randrange(256)])
        else:
            spoilt[place:place] = chance.choice(PIECES)
    return bytes(spoilt)


def _cut(chance, content):
    places = sorted(chance.randrange(len(content) + 1) for _end in range(2))
    way = chance.randrange(3)
    if way == 0:
        return content[: places[1]]
    if way == 1:
        return content[: places[0]] + content[places[1] :]
    return content[: places[1]] + content[places[0] : places[1]] * chance.randint(1, 50) + content[places[1] :]


def _package(chance, content):
    """A package one part of which is spoilt inside, lost, or said twice."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = {name: package.read(name) for name in package.namelist()}
    except Exception:  # noqa: BLE001 - it is spoilt already
        return _bytes(chance, content)
    if not members:
        return content
    name = chance.choice(sorted(members))
    way = chance.randrange(6)
    if way == 0:
        del members[name]
    elif way == 1:
        members[name] = _bytes(chance, members[name])
    elif way == 2:
        members[name] = _cut(chance, members[name])
    elif way == 3:
        members[name] = members[name].decode(errors="replace").encode(chance.choice(ENCODINGS), errors="replace")
    else:
        members[name] = _spoilt_xml(chance, members[name])
    return packed(members)


def _spoilt_xml(chance, text):
    """XML in which a number, an attribute or an element says something else; it is whole still, as often as not."""
    way = chance.randrange(4)
    if way == 0:
        found = list(re.finditer(rb"\d+", text))
    elif way == 1:
        found = list(re.finditer(rb'"[^"]*"', text))
    elif way == 2:
        found = list(re.finditer(rb"<(\w+)[^<>]*/>|<(\w+)[^<>]*>[^<]*</\2>", text))
    else:
        head = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        return head + re.sub(rb">([^<]+)<", b">&b;<", text, count=3)
    if not found:
        return text
    one = chance.choice(found)
    new = chance.choice(NUMBERS).encode()
    if way == 1:
        new = b'"' + new + b'"'
    if way == 2:
        new = one[0] * chance.choice([0, 2, 3, 400])
    return text[: one.start()] + new + text[one.end() :]


def _encoded(chance, content):
    text = content.decode(chance.choice(ENCODINGS[:8]), errors="replace")
    return text.encode(chance.choice(ENCODINGS), errors="replace")
