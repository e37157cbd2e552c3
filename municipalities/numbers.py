"""Numbers as people read and write them: marks of the language, nouns in the form that the number asks for."""

from decimal import Decimal

NBSP = "\u00a0"


def with_marks(figure, language="ru"):
    """A figure in English marks («-1,234.5») with those of a language: «−1 234,5» in Russian, a real minus in both."""
    if language == "ru":
        figure = figure.replace(",", NBSP).replace(".", ",")
    return figure.replace("-", "−")


def written(number, *, places=None, language="ru"):
    """«1 234,5»: a number as it is read, all its digits or so many places after the comma."""
    if places is None:
        return with_marks(f"{Decimal(number).normalize():,f}", language)
    return with_marks(f"{number:,.{places}f}", language)


def typed(number):
    """«1234,5»: a number as people type it into a field or a cell."""
    return f"{number.normalize():f}".replace(".", ",")


def counted(number, one, few, many):
    """«1 день», «2 дня», «5 дней», «1 000 дней»: a number with the form of the noun that it asks for."""
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:
        form = one
    elif last in {2, 3, 4} and last_two not in {12, 13, 14}:
        form = few
    else:
        form = many
    return written(number) + NBSP + form


def days(number):
    """«1 день», «2 дня», «5 дней»."""
    return counted(number, "день", "дня", "дней")


def reports(number):
    """«1 отчёт», «2 отчёта», «5 отчётов»."""
    return counted(number, "отчёт", "отчёта", "отчётов")
