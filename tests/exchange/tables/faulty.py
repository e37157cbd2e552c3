"""A long table of measures with planted faults, and the same table mended."""

import datetime

HEAD = [
    "№", "Направление", "Город", "Наименование мероприятия", "Начало", "Срок", "Ответственный исполнитель",
    "Всего, тыс. руб.", "2026, местный бюджет, тыс. руб.", "2026, областной бюджет, тыс. руб.",
    "2027, областной бюджет, тыс. руб.", "Приоритеты",
]  # fmt: skip
DIRECTIONS = ["Дороги и дворы", "Школы и детские сады", "Вода и тепло"]
# (what stands there instead, the column that is told; 0: the row as a whole, what is said)
FAULTS = [
    (2, "Нижние Мхи", "C", "«Нижние Мхи»: такого города в области нет"),
    (5, "31.02.2027", "F", "«31.02.2027» — такой даты нет; ожидалось 31.12.2026 или слова: «IV квартал 2026»"),
    (8, "=A1+B1", "I", "в ячейке формула: вставьте её значение"),
    (9, "тысяча", "J", "«тысяча» — не число; ожидалось число, например 1 234,5"),
    (3, "", "D", "нет названия"),
    (10, -5, "K", "Убедитесь, что это значение больше либо равно 0."),
    (5, datetime.date(2045, 1, 1), "F", "Срок должен быть внутри лет программы."),
    (1, "Звёзды", "B", "«Звёзды»: такого направления в программе нет; его заводят в мастерской"),
    (11, "Космодром", "L", "«Космодром»: такого приоритета у города {town} нет"),
    (6, "И" * 301, "G", "Убедитесь, что это значение содержит не более 300 символов (сейчас 301)."),
    (4, datetime.date(2029, 1, 1), "", "Начало должно быть не позже срока."),
    (7, "много", "H", "«много» — не число; ожидалось число, например 1 234,5"),
]


def mended(number, towns):
    """Rows of a whole table under its head: `number` measures of some towns."""
    rows = [HEAD]
    for index in range(1, number + 1):
        town = towns[index % len(towns)]
        rows.append([
            f"М-{index}", DIRECTIONS[index % 3], town, f"Благоустройство двора № {index}", datetime.date(2026, 3, 1),
            datetime.date(2027, 12, 31), "Комитет благоустройства", 350.5 + index, 100.25,
            "1 150,25" if index % 2 else 0, 250 + index, f"Дворы: {town}",
        ])  # fmt: skip
    return rows


def planted(number, faults, towns):
    """(rows with so many faults spread evenly, [(line, address, what is said)] of each)."""
    rows, told = mended(number, towns), []
    for index in range(faults):
        place, value, column, words = FAULTS[index % len(FAULTS)]
        line = 2 + (index + 1) * (number - 1) // faults  # the first row stays whole
        row = rows[line - 1]
        row[place] = value
        if column == "D":
            row[0] = ""  # a measure without a number has to have a title
        told.append((line, f"{column}{line}" if column else str(line), words.format(town=row[2])))
    return rows, told
