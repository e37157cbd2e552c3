"""Eight at one moment in the office, where they decide, attach, publish, remind and bring tables: one is made."""

import io
from collections import Counter

import pytest
from django.core import mail
from django.test import Client
from PIL import Image

from accounts.models import JournalEntry, Revision
from exchange.models import TableImport
from exchange.tables.publish import draft_measures, mark_of
from strategies.models import Evidence, Finding, Measure, Priority
from tests import factories
from tests.accounts.revised import WHY, change, published
from tests.admin_pages import page, typed
from tests.crowd import CROWD, Crowd, kept
from tests.exchange.intake.desk import Desk, fields
from tests.strategies.reporting.answers import answers, form_url, upload


def photo(colour):
    """A small photo of one colour: another one is another file."""
    content = io.BytesIO()
    Image.new("RGB", (32, 32), (colour, 90, 90)).save(content, "JPEG")
    return content.getvalue()


def one_photo_of_a_report(world):
    url, form, picture = form_url(factories.measure(world.town)), answers(do="draft"), photo(7)
    said = Crowd(world.head).post(url, lambda n: form | {"files": [upload(picture, f"{n}.jpg")]})
    return said, Evidence.objects.count(), 1


def more_photos_than_a_report_holds(world):
    url, form = form_url(factories.measure(world.town)), answers(do="draft")
    pictures = [photo(number * 5) for number in range(2 * CROWD)]
    said = Crowd(world.head).post(
        url, lambda n: form | {"files": [upload(one, f"{n}.jpg") for one in pictures[2 * n : 2 * n + 2]]}
    )
    told = sum("не больше 10 файлов" in " ".join(one.json()["refused"]) for one in said)
    assert told == 3
    return said, Evidence.objects.count(), 10


def drafts_published_in_one_act(world):
    direction = factories.direction(world.region)
    for _one in range(3):
        factories.measure(world.town, direction=direction, status="draft")
    seen = mark_of(draft_measures(direction.programme))
    said = Crowd(world.approver).post(
        "/office/tables/publish/", lambda n: {"list": direction.programme_id, "seen": seen}
    )
    assert Counter(one.status_code for one in said) == {302: 1, 422: CROWD - 1}
    return said, JournalEntry.objects.filter(to_status="planned").count(), 3


def reminding_of_a_town(world):
    programme = factories.programme(world.region)
    factories.measure(world.town, direction=factories.direction(world.region, programme=programme))
    factories.cycle(programme)
    world.head.email = "head@example.org"
    world.head.save()
    world.editor.is_active = False
    world.editor.save()
    said = Crowd(world.approver).post(f"/office/towns/{world.town.slug}/remind/", lambda n: {})
    return said, len(mail.outbox), 1


def settling_of_a_finding(world):
    finding = factories.make(Finding, region=world.region, kind=Finding.Kind.values[0], key="1", text="Два числа")
    said = Crowd(world.approver).post(
        f"/office/programme/findings/{finding.pk}/",
        lambda n: {
            "do": ("accepted", "dismissed")[n % 2],
            "reason": f"Причина {n}",
            "seen_version": finding.row_version,
        },
    )
    assert kept(said, *(f"Причина {n}" for n in range(CROWD))) == CROWD - 1
    return said, JournalEntry.objects.about(finding).count(), 1


def table_brought_by_all(world):
    direction = factories.direction(world.region)
    desk = Desk(world.approver, direction.programme)
    desk.bring([["Мероприятие", "Направление"], ["Мост", direction.title], ["Парк", direction.title]], kind="measures")
    desk.send("match")
    form = fields(desk.page) | {"do": "apply"}
    said = Crowd(world.approver).post(desk.page.context["table"].get_absolute_url(), lambda n: form)
    assert {one.status_code for one in said} <= {302, 422}
    return said, (Measure.objects.count(), TableImport.objects.exclude(taken_at=None).count()), (2, 1)


def accepting_of_a_revision(world):
    priority = published(Priority, world.town)
    revision = change(priority, world.writer, title="Набережная")
    said = Crowd(world.approver).post(
        "/office/revisions/", lambda n: {"do": "accept", "revision": revision.pk, "seen_version": 1}
    )
    assert Counter(one.status_code for one in said) == {302: 1, 422: CROWD - 1}
    return said, JournalEntry.objects.about(priority).count(), 1


def sending_back_of_a_revision(world):
    revision = change(published(Priority, world.town), world.writer, title="Набережная")
    said = Crowd(world.approver).post(
        "/office/revisions/",
        lambda n: {"do": "decline", "revision": revision.pk, "seen_version": 1, "reason": f"Причина {n}"},
    )
    assert kept(said, *(f"Причина {n}" for n in range(CROWD))) == CROWD - 1
    return said, Revision.objects.filter(status="declined").count(), 1


def correction_of_a_published_text(world):
    priority = published(Priority, world.town)
    address, desk = page("strategies_priority_change", priority.pk), Client()
    desk.force_login(world.writer)
    form = typed(desk.get(address))
    said = Crowd(world.writer).post(address, lambda n: form | {"title": f"Набережная {n}", "why": WHY})
    assert kept(said, *(f"Набережная {n}" for n in range(CROWD))) == CROWD - 1
    return said, Revision.objects.count(), 1


ACTS = [
    one_photo_of_a_report, more_photos_than_a_report_holds, drafts_published_in_one_act, reminding_of_a_town,
    settling_of_a_finding, table_brought_by_all, accepting_of_a_revision, sending_back_of_a_revision,
    correction_of_a_published_text,
]  # fmt: skip


@pytest.mark.invariant(90)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_crowd_of_the_office_gets_no_error_and_makes_one(act, people, settings):
    settings.SITE_URL = "https://towns.example.org"

    said, made, expected = act(people)

    codes = Counter(response.status_code for response in said)
    assert ({code: codes[code] for code in codes if code >= 500 or code in {403, 404}}, made) == ({}, expected)
