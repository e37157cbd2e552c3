from config.management.commands.build_css import ORDER, ROOT, TARGET, joined


def test_site_css_is_made_from_the_styles_as_they_stand():
    assert TARGET.read_text(encoding="utf-8") == joined(), "run: manage.py build_css"


def test_every_style_is_in_the_order():
    assert {path.stem for path in (ROOT / "styles").glob("*.css")} == set(ORDER)
