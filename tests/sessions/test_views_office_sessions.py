"""Sessions in the office: the list, a new one, texts and sections, steps, dates, minutes and decisions."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.forms import seen_of
from documents.models import Document
from sessions.models import Decision, Section, Session
from sessions.office_forms import DecisionRowForm
from strategies.models import Measure
from tests import factories
from tests.conftest import StrictClient
from tests.files import pdf
from tests.pages import text, texts


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


def soon(days=20):
    """A moment ahead."""
    return timezone.now().replace(microsecond=0) + datetime.timedelta(days=days)


def planned(owner, **fields):
    """A session that is being prepared."""
    return factories.session(owner, **({"status": "planned", "starts_at": soon()} | fields))


def typed(session, **fields):
    """What the page of a session sends when its texts are saved."""
    sections = list(session.sections.all())
    data = {
        "do": "save", "seen_version": session.row_version, "title": session.title, "kind": session.kind,
        "has_time": "on", "sections-TOTAL_FORMS": len(sections) + 1, "sections-INITIAL_FORMS": len(sections),
        "sections-MIN_NUM_FORMS": 0, "sections-MAX_NUM_FORMS": 60, f"sections-{len(sections)}-order": 0,
        "practices-TOTAL_FORMS": 0, "practices-INITIAL_FORMS": 0,
    }  # fmt: skip
    if session.status == "planned":
        data["starts_at"] = timezone.localtime(session.starts_at).strftime("%Y-%m-%dT%H:%M")
    for place, section in enumerate(sections):
        data |= {f"sections-{place}-id": section.pk, f"sections-{place}-title": section.title,
                 f"sections-{place}-order": section.order}  # fmt: skip
    return data | fields


def step(session, status, **fields):
    """What a button of a step sends."""
    return {"do": "step", "status": status, "seen_version": session.row_version} | fields


def page(session):
    """The address of a session in the office."""
    return f"/office/sessions/{session.pk}/"


def test_list_shows_what_is_ahead_first_nearest_on_top(town, other_town, head):
    factories.session(town, title="Была")
    planned(town, title="Потом", starts_at=soon(40))
    planned(town, title="Скоро", starts_at=soon(5))
    planned(other_town, title="Чужая")

    shown = [session.title for session in browser(head).get("/office/sessions/").context["sessions"]]

    assert shown == ["Скоро", "Потом", "Была"]


def test_list_of_the_region_leads_to_decisions_of_towns(town, region, region_editor):
    own, towns = planned(region, title="Форум"), planned(town, title="Городская", starts_at=soon(50))

    response = browser(region_editor).get("/office/sessions/")

    assert [(session.title, session.is_own) for session in response.context["sessions"]] == [
        ("Форум", True), ("Городская", False),
    ]  # fmt: skip
    client = browser(region_editor)
    assert [client.get(page(one)).status_code for one in (own, towns)] == [200, 404]
    assert client.get(f"{page(towns)}decisions/").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_any_number_of_sessions(town, head, number, django_assert_num_queries):
    for _one in range(number):
        factories.proposal(town, session=planned(town, status="announced"))
    client = browser(head)
    client.get("/office/sessions/")

    with django_assert_num_queries(5):
        client.get("/office/sessions/")


@pytest.mark.parametrize("who", ["outsider", "other_approver", "region_editor"])
@pytest.mark.parametrize("part", ["", "hall/", "import/"])
def test_session_of_a_town_is_not_found_by_strangers(request, town, who, part):
    session = planned(town, status="announced")
    client = browser(request.getfixturevalue(who))

    assert client.get(page(session) + part).status_code == 404
    assert client.post(page(session) + part, {"do": "save"}).status_code == 404


@pytest.mark.parametrize("part", ["", "hall/", "import/", "decisions/"])
def test_session_is_refused_to_who_only_looks(town, wg_member, part):
    assert browser(wg_member).get(page(planned(town)) + part).status_code == 403


def test_new_session_gets_an_address_of_its_title(town, head, editor):
    data = {"owner": f"town-{town.pk}", "title": "Сессия в Сызрани", "kind": "strategic", "has_time": "on"}

    first = browser(editor).post("/office/sessions/new/", data)
    browser(head).post("/office/sessions/new/", data)

    rows = list(Session.objects.order_by("pk").values_list("slug", "status", "level", "municipality", "created_by"))
    assert rows == [
        ("sessiya-v-syzrani", "planned", "municipal", town.pk, editor.pk),
        ("sessiya-v-syzrani-2", "planned", "municipal", town.pk, head.pk),
    ]
    assert first.url == page(Session.objects.order_by("pk").first())


def test_new_session_of_another_town_is_not_kept(town, other_town, outsider):
    response = browser(outsider).post(
        "/office/sessions/new/", {"owner": f"town-{town.pk}", "title": "Чужая", "kind": "strategic"}
    )

    assert (response.status_code, Session.objects.count()) == (422, 0)


def test_new_session_of_the_region_is_regional(region, region_editor):
    browser(region_editor).post(
        "/office/sessions/new/", {"owner": f"region-{region.pk}", "title": "Форум", "kind": "forum"}
    )

    assert list(Session.objects.values_list("level", "municipality", "region")) == [("regional", None, region.pk)]


def test_new_session_without_a_title_says_so_and_keeps_the_rest(town, editor):
    response = browser(editor).post(
        "/office/sessions/new/", {"owner": f"town-{town.pk}", "title": "", "kind": "strategic", "place": "ДК"}
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["title"]
    assert response.context["form"]["place"].value() == "ДК"


def test_texts_and_sections_are_saved_together(town, editor):
    session = planned(town)
    data = typed(
        session, place="Дом культуры", latitude="53.155", **{"sections-0-title": "Дороги", "sections-0-experts": "НИИ"}
    )

    assert browser(editor).post(page(session), data).url == page(session)

    session.refresh_from_db()
    assert (session.place, str(session.latitude), session.row_version) == ("Дом культуры", "53.155000", 2)
    assert list(Section.objects.values_list("title", "experts", "created_by")) == [("Дороги", "НИИ", editor.pk)]


def test_section_is_taken_out(town, editor):
    session = planned(town)
    Section.objects.create(session=session, title="Лишняя")

    browser(editor).post(page(session), typed(session, **{"sections-0-DELETE": "on"}))

    assert Section.objects.count() == 0


def test_whoever_saves_second_is_told_and_keeps_what_was_typed(town, editor, head):
    session = planned(town)
    data = typed(session, title="Моё название")
    browser(head).post(page(session), typed(session, title="Название главы"))

    response = browser(editor).post(page(session), data)

    assert response.status_code == 422
    assert response.context["form"]["title"].value() == "Моё название"
    assert Session.objects.get().title == "Название главы"


def test_date_of_an_announced_session_moves_with_a_reason_only(town, head, editor):
    session = planned(town, status="announced")
    later = soon(30).replace(second=0)
    data = {"do": "move_date", "date-seen_version": 1, "date-reason": "",
            "date-starts_at": timezone.localtime(later).strftime("%Y-%m-%dT%H:%M")}  # fmt: skip

    assert "starts_at" not in browser(head).get(page(session)).context["form"].fields
    assert browser(head).post(page(session), data).status_code == 422
    assert browser(editor).post(page(session), data | {"date-reason": "Паводок"}).status_code == 403
    assert session.date_changes.count() == 0

    browser(head).post(page(session), data | {"date-reason": "Паводок"})

    assert list(session.date_changes.values_list("new_starts_at", "reason")) == [(later, "Паводок")]
    assert "Паводок" in text(browser(head).get(page(session)), "main")


def test_life_of_a_session_goes_by_its_steps(town, head, editor):
    session = planned(town)
    client = browser(editor)

    client.post(page(session), step(session, "announced"))
    session.refresh_from_db()
    early = client.post(page(session), step(session, "held"))
    Session.objects.filter(pk=session.pk).update(starts_at=soon(-1), ends_at=None)
    client.post(page(session), step(session, "held"))
    session.refresh_from_db()
    no_minutes = browser(head).post(page(session), step(session, "outcome"))

    assert (early.status_code, no_minutes.status_code, session.status) == (422, 422, "held")
    assert "Сессия ещё не кончилась." in text(early, "main")
    assert "приложите и опубликуйте его" in text(no_minutes, "main")
    assert client.post(page(session), step(session, "outcome")).status_code == 403


def test_session_is_cancelled_with_a_reason_only(town, head):
    session = planned(town, status="announced")
    client = browser(head)

    refused = client.post(page(session), step(session, "cancelled", reason=" "))
    client.post(page(session), step(session, "cancelled", reason="Паводок"))

    session.refresh_from_db()
    assert (refused.status_code, session.status) == (422, "cancelled")


def test_step_on_an_old_page_is_told(town, head):
    session = planned(town)
    Session.objects.filter(pk=session.pk).update(row_version=5)

    response = browser(head).post(page(session), step(session, "announced"))

    assert response.status_code == 422
    assert Session.objects.get().status == "planned"


def test_minutes_enter_as_a_draft_and_are_published_by_the_head(town, head, editor):
    session = factories.session(town, outcome="Решили главное")
    data = {"do": "minutes", "minutes-number": "3", "minutes-file": SimpleUploadedFile("a.pdf", pdf("Протокол")),
            "minutes-seen_version": session.row_version}  # fmt: skip

    browser(editor).post(page(session), data)

    paper = Document.objects.get()
    assert (paper.kind, paper.status, paper.number, paper.municipality) == ("minutes", "draft", "3", town)
    publish = {"do": "publish_minutes", "paper": paper.pk, "seen_version": paper.row_version}
    assert browser(editor).post(page(session), publish).status_code == 403
    assert browser(head).post(page(session), publish | {"paper": paper.pk + 1}).status_code == 422
    browser(head).post(page(session), publish)
    session.refresh_from_db()
    browser(head).post(page(session), step(session, "outcome"))
    session.refresh_from_db()
    assert session.status == "outcome"


def test_minutes_of_another_town_cannot_be_chosen(town, other_town, editor):
    session = factories.session(town)
    stranger = factories.document(other_town, kind="minutes")

    response = browser(editor).post(page(session), {"do": "minutes", "minutes-paper": stranger.pk})

    session.refresh_from_db()
    assert (response.status_code, session.minutes) == (422, None)


def test_minutes_that_are_no_paper_are_refused_in_the_form(town, editor):
    session = factories.session(town)
    upload = SimpleUploadedFile("a.pdf", b"just words")

    response = browser(editor).post(page(session), {"do": "minutes", "minutes-file": upload, "minutes-seen_version": 1})

    assert (response.status_code, Document.objects.count()) == (422, 0)
    assert "Подходят файлы PDF, DOCX и XLSX" in text(response, "main")


@pytest.mark.parametrize("number", [1, 3])
def test_session_page_costs_the_same_for_any_number_of_rows(town, head, number, django_assert_num_queries):
    session = planned(town, status="announced")
    for place in range(1, number + 1):
        factories.make(Decision, session=session, number=place, text="Поручение")
        factories.make(Section, session=session, title=f"Секция {place}")
        factories.proposal(town, session=session)
    client = browser(head)
    client.get(page(session))

    with django_assert_num_queries(12):
        client.get(page(session))


def decisions_typed(rows, initial=0):
    """What the page of decisions sends."""
    data = {"decisions-TOTAL_FORMS": len(rows), "decisions-INITIAL_FORMS": initial,
            "decisions-MIN_NUM_FORMS": 0, "decisions-MAX_NUM_FORMS": 200}  # fmt: skip
    for place, row in enumerate(rows):
        data |= {f"decisions-{place}-{name}": value for name, value in row.items()}
    return data


def test_decisions_are_numbered_and_marked_as_done(town, editor):
    session = factories.session(town)
    client, address = browser(editor), f"{page(session)}decisions/"
    client.post(address, decisions_typed([
        {"number": 1, "text": "Починить мост", "due": "2027-03-01", "responsible": "ЖКХ"}, {"number": 2, "text": ""},
    ]))  # fmt: skip
    decision = Decision.objects.get()
    row = {"id": decision.pk, "number": 1, "text": "Починить мост", "done_on": "2026-01-10"}

    refused = client.post(address, decisions_typed([row | {"done_note": ""}], initial=1))
    client.post(address, decisions_typed([row | {"done_note": "Мост открыт"}], initial=1))

    decision.refresh_from_db()
    assert (refused.status_code, decision.done_note, decision.created_by) == (422, "Мост открыт", editor)


def test_two_decisions_of_one_number_are_refused(town, editor):
    session = factories.session(town)
    rows = [{"number": 1, "text": "Первое"}, {"number": 1, "text": "Второе"}]

    response = browser(editor).post(f"{page(session)}decisions/", decisions_typed(rows))

    assert (response.status_code, Decision.objects.count()) == (422, 0)


def test_decision_becomes_a_measure_by_the_region_editor(town, head, region_editor):
    session = factories.session(town)
    decision = factories.make(Decision, session=session, number=1, text="Починить мост", due=datetime.date(2027, 3, 1))
    direction = factories.direction(town.region)
    seen = seen_of(decision, DecisionRowForm.Meta.fields)
    data = {"do": "measure", "decision": decision.pk, "direction": direction.pk, "seen": seen}
    address = f"{page(session)}decisions/"

    assert browser(head).post(address, data).status_code == 403
    assert browser(region_editor).post(address, data | {"direction": ""}).status_code == 422
    assert browser(region_editor).post(address, data | {"seen": "what stood before"}).status_code == 422
    browser(region_editor).post(address, data)

    measure = Measure.objects.get()
    decision.refresh_from_db()
    assert (measure.title, measure.status, measure.municipality, decision.measure) == (
        "Починить мост", "draft", town, measure,
    )  # fmt: skip
    assert browser(region_editor).post(address, data).status_code == 422
    assert Measure.objects.count() == 1


def test_region_editor_does_not_write_decisions_of_a_town(town, region_editor):
    session = factories.session(town)

    response = browser(region_editor).post(f"{page(session)}decisions/", decisions_typed([{"number": 1, "text": "А"}]))

    assert (response.status_code, Decision.objects.count()) == (403, 0)


def test_decisions_of_another_town_or_region_are_not_found(town, outsider, other_approver):
    address = f"{page(factories.session(town))}decisions/"

    assert [browser(one).get(address).status_code for one in (outsider, other_approver)] == [404, 404]


def test_empty_list_says_what_to_do(town, editor):
    assert texts(browser(editor).get("/office/sessions/"), "div", css="empty") == [
        "Сессий пока нет. Ваш город ни одной не заводил. "
        "Заведите первую: пока не объявите, её никто не увидит."
    ]  # fmt: skip


def test_step_that_is_not_possible_yet_is_told_and_not_offered(town, head):
    ahead, over = planned(town, status="announced"), planned(town, status="announced", starts_at=soon(-2))
    client = browser(head)

    told = [texts(client.get(page(session)), "section", css="sec--quiet")[0] for session in (ahead, over)]

    assert ["Отметить, что прошла, можно после её конца." in one for one in told] == [True, False]
    assert ["Отметить: прошла" in one for one in told] == [False, True]
