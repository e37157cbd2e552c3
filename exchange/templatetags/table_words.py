"""Words of bulk entry, which is Russian only."""

from django import template

from municipalities.numbers import counted

register = template.Library()


@register.simple_tag
def table_read(rows_total, sheet, others, match_name):
    """What was read of a file: «12 строк, лист «Меры». Другие листы не читали: «Свод». Столбцы: наш шаблон»."""
    words = counted(rows_total, "строка", "строки", "строк")
    if sheet:
        words += f", лист «{sheet}»"
    if others:
        names = "», «".join(str(name) for name in others)
        words += f". Другие листы не читали: «{names}»"
    if match_name:
        words += f". Столбцы: {match_name}"
    return words
