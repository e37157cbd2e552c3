"""The life of a programme in a browser: draft, discussion with a remark, approval, a new version and its difference."""

import datetime
import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from municipalities.models import Edition
from strategies.models import Funding, Measure, Programme
from tests import factories


def test_programme_story(page, look, enter, town, region, region_editor, approver, other_approver):
    def see(name):
        look(f"programme-{name}", 390, 1280)

    def follows_from_the_session():
        """Everybody sees on the page of the bridge which decision it follows from, and gets there by the link."""
        Edition.bump()
        page.context.clear_cookies()
        page.goto(bridge.get_absolute_url())
        expect(page.get_by_text("№ 7: Построить мост")).to_be_visible()
        page.locator("#promise").get_by_role("link", name="Сессия о мосте").click()
        expect(page.get_by_role("link", name="Мост через Сызранку").first).to_be_visible()
        expect(page).to_have_url(re.compile(re.escape(hall.get_absolute_url()) + "$"))

    today = timezone.localdate()
    programme = factories.programme(region, title="Программа действий до 2030 года", status="draft")
    direction = factories.direction(region, programme=programme, title="Дороги и мосты")
    bridge = factories.measure(town, direction=direction, title="Мост через Сызранку", code="1.1")
    factories.make(Funding, measure=bridge, year=2026, source="regional", planned=120_000)
    hall = factories.session(
        town, title="Сессия о мосте", status="outcome", outcome="Мост нужен.",
        minutes=factories.document(town, kind="minutes"),
    )  # fmt: skip
    hall.decisions.create(number=7, text="Построить мост", measure=bridge, due=datetime.date(2028, 1, 1))
    factories.measure(town, direction=direction, title="Ремонт улицы Советской", code="1.2")
    act = factories.document(region, title="Постановление о программе действий", number="700")
    changing_act = factories.document(region, title="Постановление об изменениях", number="812")
    session = factories.session(
        region, kind="discussion", status="announced", title="Обсуждение программы действий", starts_at=timezone.now(),
        proposals_until=today,
    )  # fmt: skip
    one = reverse("office:programme_detail", args=[programme.pk])

    # The editor prepares the passport; the steps are not for the editor.
    enter(region_editor)
    page.goto(reverse("office:programme"))
    see("hub")
    page.get_by_role("link", name="Программа действий до 2030 года").click()
    expect(page.get_by_text("Шаг за утверждающим области.")).to_be_visible()
    page.get_by_role("link", name="Править паспорт").click()
    page.locator("[name=act_title]").fill("Постановление Правительства № 700")
    page.locator("[name=act_date]").fill("2026-11-20")
    page.locator("[name=act]").select_option(str(act.pk))
    page.locator("[name=discussion_from]").fill((today - datetime.timedelta(days=20)).isoformat())
    page.locator("[name=discussion_to]").fill(today.isoformat())
    see("passport")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_text("Паспорт программы сохранён.")).to_be_visible()

    # The approver takes it to the residents.
    enter(approver)
    page.goto(one)
    page.locator("summary", has_text="Вынести на обсуждение").click()
    expect(page.get_by_role("button", name="Вынести на обсуждение")).to_be_visible()
    see("step")
    page.get_by_role("button", name="Вынести на обсуждение").click()
    expect(page.get_by_text("Программа теперь обсуждается.")).to_be_visible()

    # A visitor reads the draft and is led to where remarks are taken.
    page.context.clear_cookies()
    page.goto(reverse("strategies:programme"))
    page.locator(".note a", has_text="Программа действий до 2030 года").click()
    expect(page.get_by_text("Сегодня последний день обсуждения.")).to_be_visible()
    see("discussion")
    page.get_by_role("link", name="Написать замечание").click()
    expect(page).to_have_url(re.compile(re.escape(reverse("sessions:propose", args=[session.slug])) + "$"))

    follows_from_the_session()

    # A stranger from another region finds nothing.
    enter(other_approver)
    assert page.goto(one).status == 404

    # Approved by the act: the first version is kept by itself.
    enter(approver)
    page.goto(one)
    page.locator("summary", has_text="Утвердить").click()
    page.get_by_role("button", name="Утвердить").click()
    expect(page.get_by_text("Программа теперь действует.")).to_be_visible()
    assert Programme.objects.get().versions.get().measure_count == 2

    follows_from_the_session()

    # Time passes; the bridge gets later and cheaper, a school comes.
    Measure.objects.filter(pk=bridge.pk).update(due=datetime.date(2029, 9, 1))
    Funding.objects.update(planned=95_000)
    factories.measure(town, direction=direction, title="Пристрой к школе № 4")
    enter(approver)
    page.goto(reverse("office:programme_revise", args=[programme.pk]))
    page.locator("[name=act_title]").fill("Постановление Правительства № 812")
    page.locator("[name=act_date]").fill("2026-11-24")
    page.locator("[name=act]").select_option(str(changing_act.pk))
    page.locator("[name=reason]").fill("Подрядчик отказался, мост будут строить позже. Школе дали пристрой.")
    see("revise")
    page.get_by_role("button", name="Принять новую версию").click()
    expect(page.get_by_text("Принята версия 2")).to_be_visible()
    see("office")

    # Everybody reads the difference and what was promised then.
    Edition.bump()
    page.context.clear_cookies()
    page.goto(reverse("strategies:programme"))
    page.get_by_role("link", name="Версии программы").click()
    expect(page.get_by_role("link", name="Версия 2")).to_be_visible()
    see("versions")
    page.get_by_role("link", name="Версия 2").click()
    expect(page.get_by_text("мера добавлена")).to_be_visible()
    expect(page.get_by_text("1 сентября 2029")).to_be_visible()
    see("version")
    page.get_by_role("link", name="Прежняя версия 1").click()
    expect(page.get_by_text("31 декабря 2027").first).to_be_visible()
    expect(page.get_by_text("Из решения сессии: Сессия о мосте, № 7")).to_be_visible()
    see("promised")
    follows_from_the_session()

    # It ends with words about what was done and what was not; versions, the difference and the decision stay.
    enter(approver)
    page.goto(one)
    page.locator("summary", has_text="Завершить").click()
    page.get_by_role("button", name="Завершить").click()
    expect(page.locator("details[open] .field__error").first).to_be_visible()
    page.locator("details[open] [name=reason]").fill("Пристрой построен, мост перешёл в следующую программу.")
    page.get_by_role("button", name="Завершить").click()
    expect(page.get_by_text("Программа теперь завершена.")).to_be_visible()
    see("ended")
    follows_from_the_session()
    page.goto(reverse("strategies:programme"))
    expect(page.get_by_text("Пристрой построен, мост перешёл в следующую программу.")).to_be_visible()
    see("outcome")
    page.goto(programme.versions.first().get_absolute_url())
    expect(page.get_by_text("1 сентября 2029")).to_be_visible()
