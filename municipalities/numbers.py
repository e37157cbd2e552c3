"""Numbers with their nouns, for the office: its pages are Russian only, so they need no catalogue."""

NBSP = "\u00a0"


def counted(number, one, few, many):
    """«1 день», «2 дня», «5 дней», «1 000 дней»: a number with the form of the noun that it asks for."""
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:
        form = one
    elif last in {2, 3, 4} and last_two not in {12, 13, 14}:
        form = few
    else:
        form = many
    return f"{number:,}".replace(",", NBSP) + NBSP + form


def days(number):
    """«1 день», «2 дня», «5 дней»."""
    return counted(number, "день", "дня", "дней")


def reports(number):
    """«1 отчёт», «2 отчёта», «5 отчётов»."""
    return counted(number, "отчёт", "отчёта", "отчётов")
