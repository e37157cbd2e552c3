"""Words of letters, which are Russian only. What stands on one line of a plain letter is put together here."""

from django import template

from config.templatetags.site import number

register = template.Library()

DIGEST_PARTS = {
    "late": "Просрочено",
    "returned": "Вернули на доработку",
    "promise": "Ждут вашего слова",
    "soon": "Скоро срок",
    "revision": "Правки опубликованного ждут вашего решения",
}
SUBJECTS = {"late": "просрочено", "returned": "вернули", "soon": "скоро срок", "review": "ждут вашего решения"}


@register.filter
def digest_part(kind):
    """What stands over the lines of one kind in the letter about what a person owes."""
    return DIGEST_PARTS.get(kind, "Ждут вашего решения")


@register.simple_tag
def digest_subject(counts, promised, revised):
    """«Отчёты: просрочено 2, вернули 1; обещания: ждут вашего слова 1; правки: ждут вашего решения 1».

    Args:
        counts: [(kind of line, how many)] of reports.
        promised, revised: how many promises and corrections wait.
    """
    parts = ["отчёты: " + ", ".join(f"{SUBJECTS[kind]} {how_many}" for kind, how_many in counts)] if counts else []
    parts += [f"обещания: ждут вашего слова {promised}"] if promised else []
    parts += [f"правки: ждут вашего решения {revised}"] if revised else []
    return "; ".join(parts).capitalize()


@register.simple_tag
def report_line(title, place, period):
    """Which report a letter means: «Ремонт школы (Сызрань): отчёт за III квартал 2026 года»."""
    words = f"{title} ({place.name})" if place else f"{title}"
    return f"{words}: отчёт за {period}" if period else words


@register.simple_tag
def promised(promise):
    """What the other side gives: «Обещано: деньги 500 тыс. рублей к 2027 году. Условие: …».

    Args:
        promise: kind in words, sum or None, year, condition.
    """
    kind, amount, year, condition = promise
    words = f"Обещано: {kind}"
    if amount is not None:
        words += f" {number(amount)} тыс. рублей"
    words += f" к {year} году."
    return f"{words} Условие: {condition}" if condition else words


@register.simple_tag
def answer_given(answered):
    """What became of a proposal, and where it was sent: «передано (министерство транспорта)»."""
    words = answered.get_status_display()
    return f"{words} ({answered.redirected_to})" if answered.redirected_to else words


@register.simple_tag
def fate_of(proposal):
    """What became of a proposal, and of which one, where they were put together: «сделано (объединено с 12-3)»."""
    words = proposal.fate.get_status_display()
    return f"{words} (объединено с {proposal.merged_into.number})" if proposal.status == "merged" else words
