"""Filters of the office, which is Russian only."""

from django import template

from accounts.kept import TAKEN
from municipalities import numbers

register = template.Library()


@register.filter
def counted(number, forms):
    """«2 дня»: `{{ number|counted:"день,дня,дней" }}`."""
    return numbers.counted(number, *forms.split(","))


@register.filter
def may_find_decider(revision, user):
    """Whether nobody may decide on a revision that waits, and the person may give somebody the role."""
    return not revision.has_decider and revision.may_find_decider(user)


@register.inclusion_tag("includes/_kept.html", takes_context=True)
def kept_script(context):
    """What keeps typed words in the browser until the site has taken them; nothing for a visitor."""
    request = context["request"]
    taken = request.session.get(TAKEN, []) if request.user.is_authenticated else []
    return {"person": request.user.pk or "", "taken": " ".join(taken), "is_posted": request.method == "POST"}
