"""The state of a town in one or two plain sentences, made of counted figures only."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.templatetags.site import millions, percent


def deeds_sentence(figures):
    """What was promised to a town and what came of that: «Городу обещали 5 дел. Сделано 1, о 4 нет отчётов.».

    Args:
        figures: `TownFigures`.
    """
    own, shared = figures.own, figures.shared
    if not own.promised:
        if not shared.promised:
            return _("Обещаний городу не нашли.")
        common = ngettext("%(n)s общее дело", "%(n)s общих дел", shared.promised) % {"n": shared.promised}
        return _("Своих дел у города нет, есть %(common)s с другими городами.") % {"common": common}
    promised = ngettext("Городу обещали %(n)s дело.", "Городу обещали %(n)s дел.", own.promised)
    return f"{promised % {'n': own.promised}} {fate_sentence(own)}"


def region_sentence(figures):
    """What was promised in a region and what came of that: «Записано 35 обещаний. Ни об одном не отчитались.»."""
    if not figures.promised:
        return _("Обещаний городам не нашли.")
    promised = ngettext("Записано %(n)s обещание.", "Записано %(n)s обещаний.", figures.promised)
    return f"{promised % {'n': figures.promised}} {fate_sentence(figures)}"


def fate_sentence(figures):
    """What came of deeds that were promised: one sentence from the figures of one kind."""
    late = ngettext("опаздывает %(n)s", "опаздывают %(n)s", figures.late) % {"n": figures.late} if figures.late else ""
    if figures.silent == figures.promised:
        silent = _("О нём не отчитались") if figures.promised == 1 else _("Ни об одном не отчитались")
        return f"{silent}, {late}." if late else f"{silent}."
    parts = [ngettext("Сделано %(n)s", "Сделано %(n)s", figures.done) % {"n": figures.done}, late]
    if figures.silent:
        parts.append(ngettext("о %(n)s нет отчётов", "о %(n)s нет отчётов", figures.silent) % {"n": figures.silent})
    return ", ".join(filter(None, parts)) + "."


def three_words(figures):
    """The worst true thing of a town's deeds in three words: late, else silent, else done.

    Args:
        figures: `TownFigures`.
    """
    own = figures.own
    if own.late:
        return _("опаздывает %(n)s из %(total)s") % {"n": own.late, "total": own.promised}
    if not own.promised:
        if figures.shared.promised:
            return ngettext("%(n)s общее дело", "%(n)s общих дел", figures.shared.promised) % {
                "n": figures.shared.promised
            }
        return _("дел не нашли")
    if own.silent == own.promised:
        deeds = ngettext("%(n)s дело", "%(n)s дел", own.promised) % {"n": own.promised}
        return _("%(deeds)s, отчётов нет") % {"deeds": deeds}
    return _("сделано %(done)s из %(total)s") % {"done": own.done, "total": own.promised}


def chosen_sentence(town):
    """What the town chose."""
    if not town.priority_count:
        return _("Что выбрал город, не найдено.")
    chosen = ngettext("Город выбрал %(n)s приоритет.", "Город выбрал %(n)s приоритетов.", town.priority_count) % {
        "n": town.priority_count
    }
    act = _("Стратегия утверждена.") if town.is_approved else _("Решение думы о стратегии не найдено.")
    return f"{chosen} {act}"


def strategy_words(strategy):
    """A strategy with its years and its state: «Стратегия, до 2030: проект»."""
    years = ""
    if strategy.year_to:
        years = f", {strategy.year_from}–{strategy.year_to}" if strategy.year_from else _(", до %(year)s") % {
            "year": strategy.year_to
        }  # fmt: skip
    return f"{strategy.title}{years}: {strategy.get_status_display()}"


def promised_sentence(town):
    """What was promised to the town."""
    if town.promised_money:
        said = {"n": town.funded_count, "total": town.measure_count, "sum": millions(town.promised_money)}
        if town.funded_count < town.measure_count:
            words = ngettext(
                "По %(n)s мере из %(total)s обещано %(sum)s млн рублей.",
                "По %(n)s мерам из %(total)s обещано %(sum)s млн рублей.",
                town.funded_count,
            )
            return words % said
        return (
            ngettext(
                "По %(n)s мере обещано %(sum)s млн рублей.",
                "По %(n)s мерам обещано %(sum)s млн рублей.",
                town.funded_count,
            )
            % said
        )
    if town.measure_count:
        words = ngettext(
            "Обещана %(n)s мера, сумма не найдена.", "Обещано %(n)s мер, суммы не найдены.", town.measure_count
        ) % {"n": town.measure_count}
        return f"{words[:-1]}; {shared_words(town)}." if town.shared_measure_count else words
    if town.shared_measure_count:
        return _("Город назван в мерах на весь регион, своих мер у него нет.")
    return _("Мер нет.")


def shared_words(town):
    """How many measures of several towns or of the whole region name the town: «и 2 общие с другими городами»."""
    return ngettext(
        "и %(n)s общая с другими городами", "и %(n)s общих с другими городами", town.shared_measure_count
    ) % {"n": town.shared_measure_count}


def done_sentence(town):
    """What is known to be done: things, then reports."""
    known = _known(town.report_count, town.overdue_count)
    if not town.measure_count or not town.report_count:
        return known
    done = ngettext("Сделана %(done)s мера из %(n)s.", "Сделано %(done)s мер из %(n)s.", town.done_count)
    return f"{done % {'done': town.done_count, 'n': town.measure_count}} {known}"


def _known(reports, overdue):
    words = [_("Отчётов о сделанном нет.")]
    if reports:
        words = [ngettext("Опубликован %(n)s отчёт.", "Опубликовано %(n)s отчётов.", reports) % {"n": reports}]
    if overdue:
        words.append(ngettext("Просрочена %(n)s мера.", "Просрочено %(n)s мер.", overdue) % {"n": overdue})
    return " ".join(words)


def ready_words(chain):
    """How far the measures of a chain are: «Готово 40 %», «По 3 мерам из 12 готово в среднем 58 %»; "" without reports.

    A percentage of the whole is said only where all that counts has reported.
    """
    if chain.percent is None:
        return ""
    said = {"percent": percent(chain.percent), "n": chain.reported, "total": chain.measures}
    if not chain.is_whole:
        words = ngettext(
            "По %(n)s мере из %(total)s готово %(percent)s",
            "По %(n)s мерам из %(total)s готово в среднем %(percent)s",
            chain.reported,
        )
        return words % said
    return (_("Готово %(percent)s") if chain.measures == 1 else _("Готово в среднем %(percent)s")) % said


def town_state(town):
    """The state for a line of a list."""
    return f"{promised_sentence(town) if town.priority_count else chosen_sentence(town)} {done_sentence(town)}"
