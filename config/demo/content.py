"""Texts of the sample records. Days and months are counted from today, so that late stays late."""

# A region of its own: towns that exist hold facts only, and no sum of theirs has anything invented in it.
REGION = {"slug": "primerskaya-oblast", "name": "Примерская область", "name_en": "Sample Oblast"}

# slug: name, name in English, people by years before this one, head
TOWNS = {
    "primersk": ("Примерск", "Primersk", {3: 48_900, 2: 48_400, 1: 48_100}, "Пример Примерский"),
    "novoprimersk": ("Новопримерск", "Novoprimersk", {2: 21_700, 1: 21_500}, "Пример Новопримерский"),
}
JOINED_MONTHS_AGO = 18

DIRECTIONS = ("Городская среда", "Дороги и коммунальное хозяйство", "Работа и предприниматели")

GOALS = {
    "Городом удобно пользоваться каждый день": [
        "Дворы и скверы приведены в порядок",
        "До остановки можно дойти в любую погоду",
    ],
    "В городе есть хорошая работа": ["Предпринимателям легко начать дело"],
}

# title, sphere, number of the goal in the order of the tree, plain words
PRIORITIES = [
    ("Безопасные дворы и скверы", "urban", 1, "Свет, площадки и дорожки там, где люди гуляют каждый день."),
    ("Дороги без луж", "utilities", 2, "Ремонт улиц вместе с ливневой канализацией."),
    ("Удобный путь пешком и на велосипеде", "urban", 2, "Остановки, тротуары и велодорожки связаны между собой."),
    ("Место для своего дела", "economy", 4, "Недорогие помещения и совет для тех, кто начинает."),
    ("Чистая река", "ecology", 0, "Берег без свалок и стоков."),
]

# code, town, direction, title, responsible, months from today to the start and to the due date,
# thousand roubles by source this year, priority (number) or None, milestones (title, months from today)
MEASURES = [
    ("1.1", "primersk", 0, "Осветить сквер у вокзала", "Управление благоустройства", -17, 7,
     {"regional": 4200, "local": 800}, 0, [("Проект готов", -6), ("Опоры установлены", 2)]),
    ("1.2", "primersk", 0, "Обустроить детскую площадку во дворе", "Управление благоустройства", -12, -2,
     {"regional": 1500, "local": 300}, 0, [("Подрядчик выбран", -8)]),
    ("2.1", "primersk", 1, "Отремонтировать 1,2 км улицы", "Дорожная служба города", -11, -1,
     {"regional": 18500, "local": 1500}, 1, [("Договор подписан", -9), ("Работы приняты", -2)]),
    ("2.2", "primersk", 1, "Построить ливневую канализацию", "Дорожная служба города", -6, 10,
     {"federal": 30000, "regional": 6000, "local": 1000}, 1, [("Экспертиза пройдена", 1)]),
    ("2.3", "primersk", 1, "Поставить остановку у поликлиники", "Управление транспорта", -8, -1, {"local": 650}, 2, []),
    ("1.3", "primersk", 0, "Проложить велодорожку вдоль набережной", "Управление благоустройства", -5, 6,
     {"regional": 7000}, 2, [("Проект готов", -1)]),
    ("3.1", "primersk", 2, "Открыть коворкинг для предпринимателей", "Отдел предпринимательства", -3, 9,
     {"local": 2400, "extra": 1200}, 3, []),
    ("1.4", "novoprimersk", 0, "Озеленить центральную площадь", "Управление благоустройства", -10, 8,
     {"regional": 5200, "local": 520}, None, [("Саженцы закуплены", -4)]),
    ("3.2", "novoprimersk", 2, "Провести ярмарку вакансий", "Центр занятости", -8, -1, {"local": 120}, None, []),
    ("3.3", None, 2, "Консультировать города по заявкам на конкурсы", "Министерство (пример)", -9, 12,
     {"regional": 900}, None, []),
]  # fmt: skip

# code of the measure: reports from the oldest; quarters back from the present one (1 = the last finished), what the
# report says, how far it goes: draft, submitted, returned, published. `corrects` marks a correction of the one before.
REPORTS = {
    "1.1": [
        {"back": 5, "percent": 5, "text": "Обошли сквер с жителями, отметили тёмные места."},
        {"back": 4, "percent": 10, "text": "Написали задание на проект."},
        {"back": 3, "percent": 10, "text": "Ждём торги на проект.", "pace": "behind", "reason_kind": "procurement",
         "reason": "торги объявили позже"},
        {"back": 2, "percent": 25, "text": "Заказали проект, осмотрели опоры.", "milestones": {"Проект готов": -6}},
        {"back": 1, "percent": 40, "text": "Проект готов, опоры заказаны.", "spent": {"regional": 1200},
         "next_steps": "Установить опоры.", "actual": 62, "photos": ["before", "during"]},
    ],
    "1.2": [
        {"back": 2, "percent": 30, "text": "Выбрали подрядчика.", "milestones": {"Подрядчик выбран": -8},
         "reason_kind": "procurement", "reason": "торги пришлось объявить второй раз"},
        {"back": 1, "percent": 35, "status": "postponed", "text": "Основание готово, оборудование не привезли.",
         "reason_kind": "contractor", "reason": "завод сорвал поставку оборудования", "postponed": 5,
         "problems": "Просим помочь с заводом: второй поставщик такого оборудования нам не известен.",
         "paper": "постановление администрации из примера № 00-П", "spent": {"regional": 450}, "photos": ["during"]},
    ],
    "2.1": [
        {"back": 1, "percent": 100, "status": "done", "text": "Улица открыта, работы приняты комиссией.",
         "milestones": {"Договор подписан": -9, "Работы приняты": -2}, "spent": {"regional": 18350, "local": 1500},
         "photos": ["before", "after"]},
    ],
    "2.2": [{"back": 1, "percent": 10, "text": "Сдали проект на экспертизу.", "until": "submitted"}],
    "1.3": [{"back": 1, "percent": 20, "text": "Работы идут.", "until": "returned"}],
    "3.1": [{"back": 1, "percent": 5, "text": "Подбираем помещение.", "until": "draft"}],
    "1.4": [
        {"back": 1, "percent": 20, "text": "Закупили саженцы.", "milestones": {"Саженцы закуплены": -4}},
        {"back": 1, "percent": 15, "text": "Закупили саженцы. Готовность пересчитали.", "corrects": True},
    ],
    "3.2": [
        {"back": 1, "percent": 30, "status": "not_done", "text": "Ярмарка не состоялась.",
         "reason_kind": "decision", "reason": "работодатели не подтвердили участие"},
    ],
    "3.3": [{"back": 1, "percent": 45, "text": "Помогли пяти городам подготовить заявки."}],
}  # fmt: skip

# code of the measure, side, what it gives, thousand roubles, condition, days ago, why it was taken back (or "draft")
COMMITMENTS = [
    ("1.1", "region", "fund", 4200, "город проведёт торги до конца года", 40, ""),
    ("1.1", "town", "host", None, "", 35, ""),
    ("1.2", "region", "fund", 1500, "", 60, ""),
    ("1.2", "town", "cofund", 300, "", 50, "Доходы города упали: долю внесём в следующем году."),
    ("2.2", "region", "fund", 6000, "город даст землю под коллектор", 45, ""),
    ("3.1", "town", "cofund", 2400, "", 12, ""),
    ("3.1", "region", "do", None, "", 0, "draft"),
]

# Nobody answers for it in person: the page of silence has something to show.
OWNERLESS = "2.3"

# number of the priority or code of the measure, what is missing, what is decided, who closes it, months from today to
# the promised day, why it is empty
GAP_ANSWERS = [
    (4, "no_measure", "preparing", "Министерство природы (пример)", -1,
     "Обследуем берег: без него мере не назвать ни срока, ни денег."),
    ("1.4", "no_town", "preparing", "Отдел стратегии (пример)", 2,
     "Город впишет площадь в приоритеты, когда утвердит новую стратегию."),
    ("3.3", "no_town", "stays", "Министерство (пример)", None,
     "Помощь с заявками открыта всем городам: к одному приоритету её не привязать."),
]  # fmt: skip

# A report on a priority that no measure answers: the town tells what it does itself.
PRIORITY_REPORT = {"priority": 4, "back": 1, "text": "Договорились со школами о двух субботниках на берегу."}

RETURN_COMMENT = "Напишите, что именно сделано, и приложите даты: по словам «работы идут» судить нельзя."

# priority (number), name, unit, direction, base value, {years from now: (target, actual, preliminary, reason)}
INDICATORS = [
    (0, "Освещённые дворы и скверы", "%", "higher", 48,
     {-3: (50, 51, False, ""), -2: (55, 53, False, ""), -1: (60, 45, False, "Торги дважды не состоялись."),
      0: (65, None, False, ""), 1: (75, None, False, "")}),
    (1, "Жалобы на лужи и подтопления", "обращений в год", "lower", 420,
     {-2: (400, 390, False, ""), -1: (350, 300, True, "Предварительно: декабрь не учтён."), 0: (300, None, False, "")}),
    (3, "Новые предприниматели", "чел. в год", "higher", 110,
     {-2: (120, 121, False, ""), -1: (130, 112, False, "Закрылся центр поддержки."), 0: (140, None, False, "")}),
]  # fmt: skip

SECTIONS = [
    ("Дворы и скверы", "Пример Ведущая", "Архитектор (пример)"),
    ("Работа и свой бизнес", "Пример Ведущий", "Предприниматель (пример)"),
]

# text, priority (number) or None, code of the measure it entered, how far it goes, the public answer
PROPOSALS = [
    ("Поставить фонари на дорожке от вокзала к скверу.", 0, "1.1", "accepted",
     "Фонари вошли в меру «Осветить сквер у вокзала», срок указан на её странице."),
    ("Сделать велопарковки у школ.", 2, None, "partly",
     "Парковки появятся у двух школ, где есть место; по остальным решаем вопрос с землёй."),
    ("Запретить въезд машин на набережную круглый год.", 4, None, "declined",
     "По набережной проезжают пожарные и скорая. Въезд закрывают на время праздников."),
    ("Открыть кружок робототехники.", None, None, "on_review", ""),
    ("Почистить берег у лодочной станции.", 4, None, "new", ""),
]  # fmt: skip

CONSENT = {
    "version": "пример-1",
    "operator": "Министерство из примера, 000000, Примерск, улица Примерная, 1",
    "withdrawal": "consent@example.org",
    "text": (
        "Придуманный текст: на нём можно попробовать, как работает согласие.\n\n"
        "Я даю оператору согласие обрабатывать имя и адрес электронной почты, которые указал в форме предложения, "
        "чтобы прислать мне номер предложения и ответ. Оператор хранит их, видит и стирает; третьим лицам не передаёт "
        "и на сайте не показывает.\n\n"
        "Согласие действует год. Отозвать его можно в любой день: по секретной ссылке предложения или письмом "
        "оператору. Тогда имя и почту стирают сразу, а текст предложения остаётся без имени."
    ),
}
