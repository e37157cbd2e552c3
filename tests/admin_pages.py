"""What a browser would send back from a page of the workshop: every field as shown, with what the person changed."""

from django.urls import reverse


def _fields(form):
    for name, field in form.fields.items():
        bound = form[name]
        value = bound.value()
        if field.show_hidden_initial:
            yield bound.html_initial_name, value
        if hasattr(field.widget, "decompress") and not isinstance(value, (list, tuple)):
            parts = field.widget.decompress(value)
            yield from ((f"{bound.html_name}_{number}", part) for number, part in enumerate(parts))
        elif isinstance(value, (list, tuple)):
            yield bound.html_name, [getattr(one, "pk", one) for one in value]
        elif value is not False and not hasattr(value, "url"):
            yield bound.html_name, value


def typed(response, changes=None):
    """The data of the form shown in a response, blank rows included, with changes over it."""
    data = dict(_fields(response.context["adminform"].form))
    for inline in response.context["inline_admin_formsets"]:
        data |= dict(_fields(inline.formset.management_form))
        for form in inline.formset.forms:
            data |= dict(_fields(form))
    data |= changes or {}
    return {
        name: str(value) if not isinstance(value, list) else value for name, value in data.items() if value is not None
    }


def page(name, *args):
    """The address of a page of the workshop."""
    return reverse(f"admin:{name}", args=args)


def save(client, name, *args, changes):
    """Open a page, change it, send it back."""
    url = page(name, *args)
    return client.post(url, typed(client.get(url), changes))


def complaints(response):
    """Every error that a page shows, as one list of texts."""
    context = response.context
    forms = [context["adminform"].form] + [
        form for one in context["inline_admin_formsets"] for form in one.formset.forms
    ]
    return [text for form in forms for errors in form.errors.values() for text in errors]
