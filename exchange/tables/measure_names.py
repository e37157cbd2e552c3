"""Whom the rows of a table of measures speak of: by the number on the site, the title, then № within the town."""

from .identity import Twins, are_alike, is_renamed, plain_key
from .planner import LOST

AMBIGUOUS = "{} в программе {}: не понять, о какой речь; выгрузите таблицу с сайта"
SAME_TITLE = "мер с таким названием в этом городе"
LIKELY = "похоже на то же, что {}: скажите, одно это или разное; или поставьте номер на сайте, или поправьте название"


class MeasureNames:
    """The measures of a programme by their names, and which row speaks of which.

    A title goes before a number: where a measure is put in and the rest numbered anew, names stay and numbers move.

    Args:
        planner: the `Measures` at work, its records read.
    """

    def __init__(self, planner):
        self.planner, self.records = planner, planner.records
        self.by_title, self.by_code = {}, {}
        for one in self.records.values():
            self.by_title.setdefault(plain_key(one.title), []).append(one)
            if one.code.strip():
                self.by_code.setdefault(plain_key(one.code), []).append(one)
        places = planner.reader.places
        self.towns = {item.line: self._town(item) for item in planner.reader.items}
        self.is_anywhere = "town" not in places and not any(self.towns.values())
        self.of_line, self.claims = {}, {}
        self._claim(planner.reader.items)
        self.twins = Twins(
            lambda: [(one.municipality_id, one.title, one) for one in self.records.values()],
            lambda: [
                (self._place_of(item), item.get("title"), item.line)
                for item in planner.reader.items
                if item.get("title")
            ],
        )

    def _town(self, item):
        """The town of a row without a word about it; LOST where there is no such town."""
        try:
            return self.planner.ground.town(item.get("town")) if item.get("town") else self.planner.scope.town
        except ValueError:
            return LOST

    def _place_of(self, item):
        town = self.towns[item.line]
        return town.pk if town and town is not LOST else town

    def _called(self, item):
        """Measures of the very title of a row, in its town; where no town is said anywhere, those of its № as well."""
        if not self.by_title:
            return []
        found, town = self.by_title.get(plain_key(item.get("title") or ""), []), self.towns[item.line]
        own = [one for one in found if town is not LOST and one.municipality_id == (town.pk if town else None)]
        if own or not self.is_anywhere:
            return own
        code = plain_key(item.get("code") or "")
        return [one for one in found if code and plain_key(one.code) == code]

    def _claim(self, items):
        """Give each row the one measure of its number on the site, of its title and №, or of its title alone."""
        for item in items:
            record = self.records.get(item.get("pk"))
            if record is not None:
                self._give(item, record)
        for item in items:
            code = plain_key(item.get("code") or "")
            found = [one for one in self._free(item) if plain_key(one.code) == code] if code else []
            if len(found) == 1:
                self._give(item, found[0])
        for item in items:
            found = self._free(item)
            if item.get("code"):
                found = [one for one in found if not one.code.strip()] or found
            if len(found) == 1:
                self._give(item, found[0])

    def _free(self, item):
        """Measures of a row's title that no row speaks of; none where the row speaks of one or gives its number."""
        if item.line in self.of_line or item.get("pk") is not None or not item.get("title"):
            return []
        return [one for one in self._called(item) if one.pk not in self.claims]

    def _give(self, item, record):
        self.of_line[item.line] = record
        self.claims.setdefault(record.pk, item)

    # ——— One row ———

    def find(self, item, direction):
        """The measure of a row; None where it is new, LOST where nothing is to be done: a fault or a note says why."""
        number, code, title = item.get("pk"), item.get("code"), item.get("title")
        if number is not None and number not in self.records:
            self.planner.wrong(
                item, "pk", f"меры с номером {number} в этой программе нет; у новой меры этот столбец пуст"
            )
            return LOST
        if item.line in self.of_line:
            return self.of_line[item.line]
        if not title:
            return self._of_bare_code(item) if code else self._lacks_title(item)
        named = self._repeated(item)
        if named:
            return named
        found = self._of_code(item, direction)
        if len(found) == 1:
            return self._of_number(item, found[0])
        return self._of_twin(item)

    def _lacks_title(self, item):
        self.planner.wrong(item, "title", "нет названия")
        return LOST

    def _of_bare_code(self, item):
        """The measure of a row that gives a number and no title."""
        town, found = self.towns[item.line], self.by_code.get(plain_key(item.get("code")), [])
        if not self.is_anywhere and town is not LOST:
            found = [one for one in found if one.municipality_id == (town.pk if town else None)] or found
        if len(found) > 1:
            self.planner.wrong(item, "code", AMBIGUOUS.format(f"мер с номером «{item.get('code')}»", len(found)))
            return LOST
        return found[0] if found else self._lacks_title(item)

    def _repeated(self, item):
        """Where several are of the very title: LOST, a measure that another row speaks of, or None."""
        named = self._called(item)
        free = [one for one in named if one.pk not in self.claims]
        if len(free) > 1:
            self.planner.wrong(item, "title", AMBIGUOUS.format(SAME_TITLE, len(free)))
            return LOST
        if not named:
            return None
        code = plain_key(item.get("code") or "")
        taken = [one for one in named if not code or plain_key(self.claims[one.pk].get("code") or "") == code]
        return taken[0] if taken else None

    def _of_code(self, item, direction):
        """Measures of a row's № in its town and direction that no row calls by their names."""
        town, code = self.towns[item.line], item.get("code")
        found = self.by_code.get(plain_key(code), []) if code and town is not LOST else []
        return [
            one for one in found
            if one.pk not in self.claims
            and (self.is_anywhere or one.municipality_id == (town.pk if town else None))
            and (direction is None or one.direction_id == direction.pk)
        ]  # fmt: skip

    def _of_number(self, item, record):
        """A measure found by its №: a longer name is its new one, a doubtful one is asked."""
        title, planner = item.get("title"), self.planner
        told = f"под № {record.code} на сайте стоит «{record.title[:80]}»"
        if is_renamed(record.title, title):
            planner.note(f"Строка {item.line}: {told}, она получит это название.")
            return record
        words = (
            f"{told}: если это другая мера, дайте ей другой № или не вносите столбец с номерами; если та же, поставьте "
            f"{record.pk} в столбец «номер на сайте»"
        )
        if are_alike(record.title, title):
            words = f"{told}, названия похожи: скажите, это та же мера или другая"
        return planner.ask_same(item, "code", title, records=[record], words=words)

    def _of_twin(self, item):
        """A measure or a row whose title differs in its spelling alone: a person says whether it is the same."""
        title = item.get("title")
        records, rows = self.twins.of(
            self._place_of(item), title, item.line, taken=self.claims, exact=self.of_line.keys()
        )
        if not records and not rows:
            return None
        known = [f"на сайте: «{one.title[:80]}»" for one in records] + [f"в строке {line}" for line, _title in rows]
        found = self.planner.ask_same(
            item, "title", title, records=records, rows=rows, words=LIKELY.format(", ".join(known[:3]))
        )
        if found is not None and found is not LOST:
            item.values["title"] = found.title  # the same by another spelling: the name stays
        return found
