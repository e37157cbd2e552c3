from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from municipalities.full_text import COLUMN, rebuild_words

AT_ONCE = 500


class Command(BaseCommand):
    help = "Make the words that search finds records by, and their index, anew: after an upgrade that says so."

    def handle(self, **options):
        for model in apps.get_models():
            if hasattr(model, "stems_to_keep"):
                self.stdout.write(f"{model._meta.verbose_name_plural}: {self._rebuild(model)}")

    def _rebuild(self, model):
        rows, last, changed = model._base_manager.order_by("pk"), 0, 0
        while True:
            with transaction.atomic():
                batch = list(rows.select_for_update().filter(pk__gt=last)[:AT_ONCE])
                if not batch:
                    break
                last = batch[-1].pk
                stale = [row for row in batch if row.search_stems != row.stems_to_keep()]
                for row in stale:
                    row.search_stems = row.stems_to_keep()
                model._base_manager.bulk_update(stale, [COLUMN])
                changed += len(stale)
        with transaction.atomic():
            rebuild_words(model._meta.db_table)
        return changed
