from django.conf import settings
from django.urls import translate_url
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from accounts.models import Role
from config.reading import reading_preferences
from strategies.models import ProgressReport

OWN_FIND = {"home", "search"}  # pages that begin with a box of their own


def site(request):
    """What every page knows: the site's name, reading preferences, the same page in the other language."""
    other = "en" if request.LANGUAGE_CODE == "ru" else "ru"
    return {
        "site_name": gettext(settings.SITE_NAME),
        "is_demo": settings.DEMO,
        "LANGUAGE_CODE": request.LANGUAGE_CODE,
        "reading": reading_preferences(request),
        "today_local": timezone.localdate(),
        "step": "",
        "section": "",
        "has_find": not request.resolver_match or request.resolver_match.view_name not in OWN_FIND,
        "other_language": other,
        "other_canonical_url": request.build_absolute_uri(translate_url(request.path, other)),
        "other_language_url": translate_url(request.get_full_path(), other),
        "canonical_url": request.build_absolute_uri(request.path),
    }


def office(request):
    """What the menu of the office counts: `waiting_total`, reports that the person may decide on; asked when shown."""
    if not request.resolver_match or request.resolver_match.namespace != "office":
        return {}
    return {"waiting_total": SimpleLazyObject(lambda: _reports_to_decide(request.user))}


def _reports_to_decide(user):
    decides = user.is_authenticated and user.region_ids(Role.REGION_APPROVER)
    return ProgressReport.objects.to_decide_by(user).count() if decides else 0
