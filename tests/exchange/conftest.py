"""A small region in a box, whole and valid: each test breaks what it is about."""

import pytest

FILES = {
    "region.csv": ["slug,name,code", "samara-oblast,Самарская область,36"],
    "municipalities.csv": [
        "slug,name,kind,oktmo,parent,in_programme,sources",
        "district,Сызранский район,district,,,no,",
        "syzran,Сызрань,urban_okrug,36735000,,yes,https://example.org/syzran",
        "chapaevsk,Чапаевск,urban_okrug,36750000,,yes,",
    ],
    "populations.csv": [
        "municipality,year,people,level,basis",
        "syzran,2020,167100,town,оценка",
        "syzran,2021,165725,town,перепись",
    ],
    "documents.csv": [
        "code,municipality,kind,title,number,date,adopted_by,url,status",
        "act,syzran,decision,Решение № 1,1,2019-02-21,Дума,https://example.org/act,published",
    ],
    "strategies.csv": [
        "code,municipality,kind,title,version,year_from,year_to,status,act_number,act_date,adopted_by,act",
        "s1,syzran,strategy,Стратегия Сызрани,1,2018,2030,approved,1,2019-02-21,Дума,act",
        "s2,chapaevsk,strategy,Стратегия Чапаевска,1,2018,2030,discussion,,,,",
    ],
    "goals.csv": ["code,strategy,parent,text", "g2,s1,g1,Чистые дворы", "g1,s1,,Удобный город"],
    "priorities.csv": [
        "code,strategy,goal,title,sphere,status",
        "p1,s1,g2,Благоустройство,urban,published",
        "p2,s2,,Экология,ecology,draft",
    ],
    "programmes.csv": ["code,kind,title,year_from,year_to,status", "action,action,Программа,2018,2030,prepared"],
    "directions.csv": ["code,programme,title", "d1,action,Городская среда"],
    "measures.csv": [
        "code,direction,municipality,towns,title,start,due,status",
        "m1,d1,syzran,,Набережная,2026-01-01,2027-12-31,planned",
        "m2,d1,,syzran;chapaevsk,Субсидии,,,planned",
    ],
    "funding.csv": ["measure,year,source,planned", "m1,2026,federal,1500.5"],
    "measure_priorities.csv": ["priority,measure", "p1,m1"],
    "indicators.csv": ["code,priority,name,unit,direction", "i1,p1,Дворы,ед.,higher"],
    "indicator_values.csv": ["indicator,year,target,actual", "i1,2020,10,10", "i1,2030,20,"],
    "sessions.csv": [
        "slug,level,kind,municipality,towns,title,starts,date_note,priorities,status",
        "syzran-2018,municipal,strategic,syzran,,Сессия в Сызрани,2018-06-22,,p1,held",
        "regional,regional,strategic,,syzran;chapaevsk,Малые города,2018-08-14 10:00,,,held",
    ],
    "proposals.csv": [
        "number,municipality,session,priority,kind,public_text,speaker,said_on",
        "П-01,syzran,syzran-2018,p1,proposal,Благоустроить набережную,жители,2018-06",
    ],
    "boundaries.geojson": [
        '{"type":"FeatureCollection","attribution":"© OpenStreetMap","features":[',
        '{"type":"Feature","properties":{"slug":"syzran"},"geometry":'
        '{"type":"Polygon","coordinates":[[[48.1,53.1],[48.2,53.1],[48.2,53.2],[48.1,53.1]]]}}',
        "]}",
    ],
    "outline.geojson": [
        '{"type":"FeatureCollection","attribution":"© OpenStreetMap","features":[',
        '{"type":"Feature","properties":{},"geometry":'
        '{"type":"Polygon","coordinates":[[[48.0,53.0],[49.0,53.0],[49.0,54.0],[48.0,53.0]]]}}',
        "]}",
    ],
}


class Box:
    """A folder that tests write, break and load."""

    def __init__(self, folder):
        self.folder = folder
        for name, lines in FILES.items():
            self.write(name, *lines)

    def write(self, name, *lines, encoding="utf-8"):
        """Put a file in place of what stood there."""
        (self.folder / name).write_bytes("\n".join([*lines, ""]).encode(encoding))

    def replace(self, name, old, new):
        """Change a text inside a file; it must stand there once."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def remove(self, name):
        """Take a file away."""
        (self.folder / name).unlink()


@pytest.fixture
def box(tmp_path):
    folder = tmp_path / "box"
    folder.mkdir()
    return Box(folder)
