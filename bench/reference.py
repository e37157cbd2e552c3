"""The measure of all pages: a bare Django view, one indexed query of 50 rows through a template, about 15 KB."""

import os

from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["BENCH_DATABASE"],
            "CONN_MAX_AGE": 60,
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    INSTALLED_APPS=["django.contrib.contenttypes"],
    MIDDLEWARE=[],
    USE_TZ=True,
)

import django  # noqa: E402 - settings come first

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402


class Row(models.Model):
    """A row of the population table, read as plain data."""

    municipality_id = models.BigIntegerField()
    year = models.IntegerField(null=True)
    people = models.IntegerField()
    basis = models.CharField(max_length=40)
    level = models.CharField(max_length=10)
    sources = models.TextField()

    class Meta:
        app_label = "reference"
        managed = False
        db_table = "municipalities_population"


ROW = (
    "<tr><td>{{ row.municipality_id }}</td><td>{{ row.year }}</td><td>{{ row.people }}</td><td>{{ row.basis }}</td>"
    "<td>{{ row.level }}</td><td>{{ row.sources }}</td><td class='plain filling, as wide as "
    "a row of a page, as wide as a row of a page, as wide as a row'></td></tr>"
)
PAGE = engines["django"].from_string(
    "<!DOCTYPE html><html lang=ru><title>Строки</title><table>{% for row in rows %}" + ROW + "{% endfor %}</table>"
)


def rows(request):
    """Fifty rows by the primary key."""
    return HttpResponse(PAGE.render({"rows": Row.objects.filter(pk__gt=0).order_by("pk")[:50]}))


urlpatterns = [path("", rows)]
application = get_wsgi_application()
