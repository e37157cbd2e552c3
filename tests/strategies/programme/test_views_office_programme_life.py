"""The life of a programme in the office: the editor prepares, the approver decides, strangers find nothing."""

import datetime

import pytest
from django.utils import timezone

from strategies.models import Measure, Programme
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts
from tests.strategies.programme.test_models_programme_version import approved, draft

TODAY = timezone.localdate()


def browser(someone):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(someone)
    return client


def page(programme, tail=""):
    """The address of a programme in the office."""
    return f"/office/programme/{programme.pk}/{tail}"


def step(programme, status, **fields):
    """What the form of a step sends."""
    return {"status": status, "seen_version": programme.row_version, "reason": ""} | fields


def passport(programme, **fields):
    """What the form of a passport sends."""
    return {
        "title": programme.title, "summary": "", "year_from": 2018, "year_to": 2030, "act_title": programme.act_title,
        "act_date": "2026-01-10", "act": programme.act_id or "", "discussion_from": "", "discussion_to": "",
        "status_note": "", "note": "", "sources": "", "seen_version": programme.row_version,
    } | fields  # fmt: skip


def test_editor_prepares_and_the_approver_leads_a_programme_to_its_approval(region, region_editor, approver):
    programme = draft(region, act=None, act_title="", act_date=None)
    act = factories.document(region)
    lacking = text(browser(approver).get(page(programme)), "main")
    assert "Назовите первый и последний день обсуждения." in lacking
    assert "Чтобы утвердить программу действий, укажите акт" in lacking

    typed = passport(programme, discussion_from=TODAY, discussion_to=TODAY, act=act.pk, act_title="Постановление № 1")
    assert browser(region_editor).post(page(programme, "edit/"), typed).status_code == 302
    programme.refresh_from_db()
    assert browser(region_editor).post(page(programme), step(programme, "discussion")).status_code == 403
    assert browser(approver).post(page(programme), step(programme, "discussion")).status_code == 302
    programme.refresh_from_db()
    assert browser(approver).post(page(programme), step(programme, "approved")).status_code == 302

    programme.refresh_from_db()
    assert (programme.status, programme.versions.get().act) == ("approved", act)


def test_step_that_is_refused_says_why_and_changes_nothing(region, approver):
    programme = draft(region, act=None)

    response = browser(approver).post(page(programme), step(programme, "approved"))

    assert response.status_code == 422
    assert "укажите акт" in text(response, "main")
    programme.refresh_from_db()
    assert programme.status == "draft"


def test_step_after_somebody_else_is_refused_and_may_be_repeated(region, approver):
    programme = draft(region)
    old = step(programme, "approved")
    Programme.objects.filter(pk=programme.pk).update(row_version=5)

    response = browser(approver).post(page(programme), old)

    assert response.status_code == 422
    assert 'name="seen_version" value="5"' in response.content.decode()
    assert Programme.objects.get().status == "draft"


def test_completion_asks_for_a_summary_and_names_what_is_open(town, approver):
    programme, _measure = approved(town, approver)
    assert "Не закончено: 1 мера." in text(browser(approver).get(page(programme)), "main")

    refused = browser(approver).post(page(programme), step(programme, "completed"))
    taken = browser(approver).post(page(programme), step(programme, "completed", reason="Мост не построили."))

    assert refused.status_code == 422
    assert text(refused, "p", css="field__error") == "Напишите, чем кончилась программа: это прочтут все."
    assert taken.status_code == 302
    programme.refresh_from_db()
    assert programme.status == "completed"


def test_act_of_a_kept_version_is_not_in_the_passport(town, region_editor, approver):
    programme, _measure = approved(town, approver)
    other = factories.document(town.region)

    response = browser(region_editor).get(page(programme, "edit/"))
    typed = passport(programme, act=other.pk, act_title="Иной", title="Новое имя")
    browser(region_editor).post(page(programme, "edit/"), typed)

    assert "act" not in response.context["form"].fields
    programme.refresh_from_db()
    assert (programme.title, programme.act_title) == ("Новое имя", "Постановление № 1")


def test_passport_saved_by_two_people_loses_nothing(region, region_editor, approver):
    programme = draft(region)
    first = passport(programme, title="Первое")
    second = passport(programme, title="Второе")
    browser(region_editor).post(page(programme, "edit/"), first)

    response = browser(approver).post(page(programme, "edit/"), second)

    assert response.status_code == 422
    assert "изменил кто-то другой" in text(response, "div", css="note--bad")
    programme.refresh_from_db()
    assert programme.title == "Первое"


def test_revision_page_shows_the_difference_to_the_editor_and_the_form_to_the_approver(town, region_editor, approver):
    programme, measure = approved(town, approver)
    Measure.objects.filter(pk=measure.pk).update(due=datetime.date(2028, 6, 1))
    act = factories.document(town.region, number="2")
    typed = {"act_title": "Постановление № 2", "act_date": "2026-11-01", "act": act.pk, "reason": "Паводок.",
             "seen_version": programme.row_version}  # fmt: skip

    seen = browser(region_editor).get(page(programme, "revise/"))
    refused = browser(region_editor).post(page(programme, "revise/"), typed)
    bare = browser(approver).post(page(programme, "revise/"), typed | {"reason": ""})
    assert [refused.status_code, bare.status_code, programme.versions.count()] == [403, 422, 1]
    taken = browser(approver).post(page(programme, "revise/"), typed)

    assert texts(seen, "tr")[1:] == ["Мост срок 31 декабря 2027 1 июня 2028"]
    assert "Принимает утверждающий области" in text(seen, "main")
    assert taken.status_code == 302
    version = programme.versions.get(number=2)
    assert (version.reason, version.act, version.created_by) == ("Паводок.", act, approver)
    assert "Версия 2" in text(browser(region_editor).get(page(programme)), "main")


def test_revision_page_of_a_draft_leads_back(region, approver):
    programme = draft(region)

    assert browser(approver).get(page(programme, "revise/")).headers["Location"] == page(programme)


@pytest.mark.parametrize("tail", ["", "edit/", "revise/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_programme_of_another_region_is_not_found(region, other_approver, method, tail):
    programme = draft(region)

    assert getattr(browser(other_approver), method)(page(programme, tail)).status_code == 404


def test_member_of_a_working_group_only_reads(region, wg_member):
    programme = draft(region)
    client = browser(wg_member)

    codes = [client.get(page(programme, tail)).status_code for tail in ("", "edit/", "revise/")]
    codes.append(client.post(page(programme), step(programme, "approved")).status_code)

    assert codes == [200, 403, 403, 403]
    assert "Шаг за утверждающим области." in text(client.get(page(programme)), "main")
