"""Links and forms of a page of the site, and what a browser would send from them."""

import collections
import html.parser


class Page(html.parser.HTMLParser):
    """Links and forms of a page; a field of a form is [name, value, required, type, options]."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self.select, self.area = [], [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        name, required = said.get("name"), "required" in said
        if tag == "a" and said.get("href"):
            self.links.append(said["href"])
        elif tag == "form":
            self.forms.append({"action": said.get("action") or "", "method": (said.get("method") or "get").lower(),
                               "fields": [], "buttons": []})  # fmt: skip
        elif tag == "option" and self.select is not None:
            self.select[4].append(said.get("value") or "")
            if "selected" in said or len(self.select[4]) == 1:
                self.select[1] = self.select[4][-1]
        elif self.forms and tag == "button" and said.get("type", "submit") == "submit" and "formaction" not in said:
            self.forms[-1]["buttons"].append((name or "", said.get("value") or ""))
        elif self.forms and tag in {"input", "select", "textarea"} and name and "disabled" not in said:
            self._field(tag, name, said, required)

    def _field(self, tag, name, said, required):
        kind, value = said.get("type", "text") if tag == "input" else tag, said.get("value") or ""
        if kind == "submit":
            self.forms[-1]["buttons"].append((name, value))
            return
        choice = kind in {"radio", "checkbox"}
        field = [name, value if not choice or "checked" in said else None, required, kind, [value] if choice else []]
        self.forms[-1]["fields"].append(field)
        self.select, self.area = (field if tag == "select" else None), (field if tag == "textarea" else None)

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area is not None:
            self.area[1] += data


def options_of(page, name):
    """Values that a field of any form of a page offers, in their order."""
    found = [value for form in page.forms for field in form["fields"] if field[0] == name for value in field[4]]
    return list(dict.fromkeys(found))


def posted(form, button, *, fill):
    """What a browser would send; with `fill`, what is required and empty gets some words."""
    words = {"number": "1", "date": "2026-12-15", "email": "somebody@example.ru", "textarea": "Проверка: слова."}
    sent = collections.defaultdict(list)
    for name, value, required, kind, options in form["fields"]:
        if kind == "file":
            continue
        if fill and not value and (required or kind == "textarea") and name not in sent:
            value = options[-1] if options else words.get(kind, "Проверка")
        if value is not None:
            sent[name].append(value)
    if button[0]:
        sent[button[0]].append(button[1])
    return dict(sent)
