"""A town with twelve conflicts planted among works that do not contradict each other, in words of real programmes."""

import datetime

from strategies.models import Funding, Indicator, IndicatorValue
from tests import factories


class Planter:
    """Writes the measures of one town into a programme; every method gives what it made."""

    def __init__(self, town, other_town):
        self.town, self.other_town = town, other_town
        self.programme = factories.programme(town.region, year_from=2020, year_to=2035)
        self.roads = factories.direction(town.region, programme=self.programme, title="Дороги")
        self.places = factories.direction(town.region, programme=self.programme, title="Городская среда")
        self.state = factories.direction(town.region, title="Дорожное хозяйство")
        self.strategy = factories.strategy(town, status="approved", year_from=2018, year_to=2030)

    def work(self, title, years=(2027, 2027), *, direction=None, town=None, money=(), **fields):
        """A measure for some years, with (year, source, thousand roubles) of money."""
        measure = factories.measure(
            town or self.town, title=title, direction=direction or self.roads, start=datetime.date(years[0], 3, 1),
            due=datetime.date(years[1], 11, 30), **fields,
        )  # fmt: skip
        for year, source, planned in money:
            factories.make(Funding, measure=measure, year=year, source=source, planned=planned)
        return measure

    def promised(self, measure, *sums, side="region", town=None):
        """Promises of a side on as many priorities."""
        for amount in sums:
            link = factories.link(factories.priority(self.strategy), measure)
            kind = {"region": "fund", "town": "cofund"}[side]
            factories.commitment(link, side, kind=kind, amount=amount)

    def figures(self, name, unit, values, **owner):
        """An indicator with {year: (target, actual)}."""
        indicator = factories.make(Indicator, name=name, unit=unit, **owner)
        for year, (target, actual) in values.items():
            factories.make(IndicatorValue, indicator=indicator, year=year, target=target, actual=actual,
                           deviation_reason="Торги не состоялись")  # fmt: skip
        return indicator

    def plant(self):
        """Twelve conflicts: {kind: [titles of the measures, or the name of the indicator]}."""
        self._places()
        self._money()
        self._ends()
        self._figures()
        return {
            "same_place": [
                ["Ремонт дороги по ул. Советской от ул. Ленина до ул. Победы",
                 "Капитальный ремонт Советской улицы"],
                ["Благоустройство сквера имени Пушкина", "Обустроить Пушкинский сквер"],
                ["Наружное освещение парка Победы", "Установка фонарей в парке «Победы»"],
            ],
            "overpromised": [
                ["Поддержка дворовых инициатив"], ["Закупка автобусов малого класса"],
            ],
            "ends_before": [["Строительство моста через реку Кубру"], ["Очистные сооружения"]],
            "two_figures": [
                ["Доля отремонтированных дорог"], ["Число новых рабочих мест"],
                ["Строительство котельной стоимостью 45 млн рублей"],
            ],
            "money_sum": [["Реконструкция водозабора"], ["Капитальный ремонт Дома культуры"]],
        }  # fmt: skip

    def _places(self):
        self.work("Ремонт дороги по ул. Советской от ул. Ленина до ул. Победы", (2027, 2028))
        self.work("Капитальный ремонт Советской улицы", (2028, 2029), direction=self.state)
        self.work("Благоустройство сквера имени Пушкина", direction=self.places)
        self.work("Обустроить Пушкинский сквер", (2026, 2027), direction=self.places, status="draft")
        self.work("Наружное освещение парка Победы", direction=self.places)
        self.work("Установка фонарей в парке «Победы»", direction=self.state)

    def _money(self):
        yards = self.work("Поддержка дворовых инициатив", money=[(2027, "regional", 1000)])
        self.promised(yards, 400, 400, 400)
        buses = self.work("Закупка автобусов малого класса", money=[(2027, "regional", 900), (2027, "local", 100)])
        self.promised(buses, 900)
        self.promised(buses, 150, side="town")
        self.work("Реконструкция водозабора", (2027, 2028), stated_total="12000.50",
                  money=[(2027, "regional", 5000), (2028, "regional", 6000)])  # fmt: skip
        self.work("Капитальный ремонт Дома культуры", stated_total=800, money=[(2027, "federal", 850)])

    def _ends(self):
        bridge = self.work("Строительство моста через реку Кубру", (2031, 2033))
        factories.link(factories.priority(self.strategy, title="Связь берегов"), bridge)
        treatment = self.work("Очистные сооружения", (2031, 2032), money=[(2031, "federal", 90000)])
        type(treatment).objects.filter(pk=treatment.pk).update(start=None)
        factories.link(factories.priority(self.strategy, title="Чистая река"), treatment)

    def _figures(self):
        priority = factories.priority(self.strategy, title="Дороги без ям")
        self.figures("Доля отремонтированных дорог", "%", {2027: (60, None)}, priority=priority)
        self.figures("Доля дорог отремонтированных", "процентов", {2027: (65, None)}, municipality=self.town)
        self.figures("Число новых рабочих мест", "ед.", {2025: (120, 118)}, municipality=self.town)
        self.figures("Число новых рабочих мест", "единиц", {2025: (120, 96)},
                     priority=factories.priority(self.strategy))  # fmt: skip
        self.work("Строительство котельной стоимостью 45 млн рублей", money=[(2027, "regional", 54000)])

    def plant_peace(self):
        """Works that look alike and contradict nothing."""
        # The same street: other parts of it, another year, another town, another work, another house.
        self.work("Ремонт дороги по ул. Мира от ул. Садовой до ул. Лесной")
        self.work("Ремонт дороги по ул. Мира от ул. Лесной до ул. Речной")
        self.work("Ремонт дороги по ул. Мира", (2029, 2029))
        self.work("Прокладка водопровода по ул. Мира")
        self.work("Ремонт улицы Мира", town=self.other_town)
        self.work("Ремонт кровли дома по ул. Гагарина, д. 15")
        self.work("Ремонт кровли дома по ул. Гагарина, д. 17")
        self.work("Ремонт 1-й Строительной улицы")
        self.work("Ремонт 2-й Строительной улицы")
        self.work("Ремонт улицы Пушкина")
        self.work("Устройство площадки для выгула собак площадью 500 кв. м", direction=self.places)
        self.work("Ремонт тротуаров на центральных улицах города")
        # Cancelled, or both finished: nothing is left to mend.
        act = factories.document(self.town)
        self.work("Ремонт переулка Тихого")
        self.work("Асфальтирование пер. Тихого", status="cancelled", cancel_act=act)
        for _number in range(2):
            self.work("Ремонт Вокзальной площади", (2024, 2024), status="done", percent=100)
        # Money that fits, or is told roughly; a measure that begins in the last year of the strategy.
        fits = self.work("Ремонт школьных стадионов", (2030, 2030), stated_total=1000, money=[(2030, "regional", 1000)])
        self.promised(fits, 500, 500)
        self.promised(fits, 200, side="town")
        self.work("Котельная стоимостью около 45 млн рублей", money=[(2027, "regional", 54000)])
        self.work("Теплотрасса, 4,2 млн рублей", money=[(2027, "regional", 4180), (2027, "local", 10)])
        self.work("Мера без денег", stated_total=500)
        # The same name: other years, other units, another town, a figure of a measure, a strategy of the past.
        self.figures("Новые дороги", "км", {2026: (5, None)}, municipality=self.town)
        self.figures("Новые дороги", "км", {2027: (6, None)}, priority=factories.priority(self.strategy))
        self.figures("Новые дороги", "м", {2026: (7000, None)}, priority=factories.priority(self.strategy))
        self.figures("Новые дороги", "км", {2026: (9, None)}, municipality=self.other_town)
        self.figures("Новые дороги", "км", {2026: (1, None)}, measure=self.work("Дорога на кладбище"))
        former = factories.strategy(self.town, status="superseded", version=2)
        self.figures("Новые дороги", "км", {2026: (3, None)}, priority=factories.priority(former))
