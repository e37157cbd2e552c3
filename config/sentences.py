"""The state of a town in one or two plain sentences, made of counted figures only."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.templatetags.site import millions


def chosen_sentence(town):
    """What the town chose."""
    if not town.priority_count:
        return _("Что выбрал город, не найдено.")
    chosen = ngettext("Город выбрал %(n)s приоритет.", "Город выбрал %(n)s приоритетов.", town.priority_count) % {
        "n": town.priority_count
    }
    act = _("Стратегия утверждена.") if town.is_approved else _("Решение думы о стратегии не найдено.")
    return f"{chosen} {act}"


def promised_sentence(town):
    """What was promised to the town."""
    if town.promised_money:
        return ngettext(
            "По %(n)s мере обещано %(sum)s млн рублей.",
            "По %(n)s мерам обещано %(sum)s млн рублей.",
            town.measure_count,
        ) % {"n": town.measure_count, "sum": millions(town.promised_money)}
    if town.measure_count:
        return ngettext(
            "Обещана %(n)s мера, сумма не найдена.", "Обещано %(n)s мер, суммы не найдены.", town.measure_count
        ) % {"n": town.measure_count}
    if town.shared_measure_count:
        return _("Город назван в мерах на весь регион, своих мер у него нет.")
    return _("Мер нет.")


def done_sentence(town):
    """What is known to be done."""
    if not town.report_count:
        return _("Отчётов о сделанном нет.")
    sentence = ngettext("Опубликован %(n)s отчёт.", "Опубликовано %(n)s отчётов.", town.report_count) % {
        "n": town.report_count
    }
    if town.overdue_count:
        sentence += " " + ngettext("Просрочена %(n)s мера.", "Просрочено %(n)s мер.", town.overdue_count) % {
            "n": town.overdue_count
        }
    return sentence


def town_sentence(town):
    """The whole state of a town that came from `with_chain`."""
    return f"{chosen_sentence(town)} {promised_sentence(town)} {done_sentence(town)}"


def town_state(town):
    """The state for a line of a list."""
    return f"{promised_sentence(town) if town.priority_count else chosen_sentence(town)} {done_sentence(town)}"
