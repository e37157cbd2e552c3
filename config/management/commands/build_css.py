from pathlib import Path

from django.core.management.base import BaseCommand

ROOT = Path(__file__).resolve().parents[2]
# print comes last: it overrides.
ORDER = (
    *("tokens", "base", "layout", "header", "mast", "a11y", "lists", "chain", "status", "list"),
    *("map", "chart", "form", "table", "office", "intake", "sample", "pages", "search", "deeds", "paper", "print"),
)
TARGET = ROOT / "static" / "css" / "site.css"


def joined():
    """The text of site.css: every component file in its order."""
    parts = [(ROOT / "styles" / f"{name}.css").read_text(encoding="utf-8").strip() for name in ORDER]
    return "/* Made by `manage.py build_css` from config/styles/: edit those files. */\n" + "\n".join(parts) + "\n"


class Command(BaseCommand):
    help = "Join config/styles/*.css into the one file that pages load."

    def handle(self, **options):
        TARGET.write_text(joined(), encoding="utf-8")
        self.stdout.write(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
