"""Words of the reading preferences: what may be chosen, and what is chosen now."""

from functools import lru_cache

from django import template
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

# A legend, the name of the choice, and its buttons: the value, the face, the look, the name for those who listen, and
# the words of «Сейчас: …». The first button takes the choice away.
_FIELDS = (
    (_("Размер шрифта"), "size", (
        ("1", _("А"), "", _("Обычный шрифт"), _("обычный шрифт")),
        ("2", _("А"), "a-2", _("Крупный шрифт"), _("крупный шрифт")),
        ("3", _("А"), "a-3", _("Очень крупный шрифт"), _("очень крупный шрифт")),
        ("4", _("А"), "a-4", _("Самый крупный шрифт, 200 %"), _("самый крупный шрифт")),
    )),
    (_("Цвет сайта"), "scheme", (
        ("", _("Обычный"), "", "", _("цвета устройства")),
        ("bw", _("Ц"), "c-bw", _("Чёрным по белому"), _("чёрным по белому")),
        ("wb", _("Ц"), "c-wb", _("Белым по чёрному"), _("белым по чёрному")),
        ("blue", _("Ц"), "c-blue", _("Тёмно-синим по голубому"), _("тёмно-синим по голубому")),
        ("beige", _("Ц"), "c-beige", _("Коричневым по бежевому"), _("коричневым по бежевому")),
        ("brown", _("Ц"), "c-brown", _("Зелёным по тёмно-коричневому"), _("зелёным по тёмно-коричневому")),
    )),
    (_("Расстояние между буквами"), "spacing", (
        ("", _("Обычное"), "", "", ""),
        ("wide", _("Большое"), "", "", _("большие промежутки")),
    )),
    (_("Изображения"), "images", (
        ("", _("Включены"), "", "", ""),
        ("off", _("Выключены"), "", "", _("без изображений")),
    )),
)  # fmt: skip


def _is_pressed(reading, name, value):
    return reading.get(name, "") == ("" if name == "size" and value == "1" else value)


@register.filter
def reading_buttons(reading):
    """The fields of the form: (legend, name, buttons)."""
    return _fields(get_language(), tuple(sorted(reading.items())))


@lru_cache(maxsize=64)
def _fields(_language, chosen):
    """The same, said once for each language and choice: the form stands on every page."""
    reading = dict(chosen)
    return [
        (
            str(legend),
            name,
            [
                {"value": value, "face": str(face), "look": look, "label": str(label), "said": str(said),
                 "pressed": "true" if _is_pressed(reading, name, value) else "false"}
                for value, face, look, label, said in buttons
            ],
        )
        for legend, name, buttons in _FIELDS
    ]  # fmt: skip


@register.filter
def reading_words(reading):
    """What is chosen now: «крупный шрифт, белым по чёрному»."""
    if reading.get("scheme") == "dark":  # chosen when there was such a button
        reading = {name: value for name, value in reading.items() if name != "scheme"}
    said = [
        str(said)
        for _legend, name, buttons in _FIELDS
        for value, _face, _look, _label, said in buttons
        if said and _is_pressed(reading, name, value)
    ]
    return ", ".join(said) or gettext("обычный шрифт")
