"""Words of bulk entry, which is Russian only."""

from django import template

from exchange.tables.fields import KINDS

register = template.Library()


@register.filter
def table_counts(counts):
    """[«меры: добавлено 3, изменено 1»] of what a table wrote."""
    return [
        f"{KINDS[code].label if code in KINDS else code}: добавлено {added}, изменено {changed}"
        for code, (added, changed) in counts.items()
    ]
