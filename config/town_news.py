"""What changed in a town lately: dated facts in plain words, one line per thing, the newest first. No queries."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from config.templatetags.measure_words import measure_state


@dataclass(frozen=True)
class News:
    """One line: a date as far as it is known (ISO text), what, where to read, the number of a photo if there is one."""

    date: str
    title: str
    url: str
    photo: int | None = None
    is_sample: bool = False


def town_news(town, reports, head, priorities, sessions, now):
    """News of a town, from what its page has read anyway.

    Args:
        town: whose news they are.
        reports: its newest published reports with their subjects and `photo`.
        head: the latest known head, or None.
        priorities: public ones with their strategies.
        sessions: public ones, none of them cancelled.
        now: the moment of the question.
    """
    strategies = {priority.strategy_id: priority.strategy for priority in priorities}.values()
    lines = [
        *(_of_report(report) for report in reports),
        *(_of_act(strategy) for strategy in strategies if strategy.act_date),
        *(_of_session(session) for session in sessions if session.starts_at and session.is_over(now)),
    ]
    if head and head.since and not head.is_over(timezone.localdate(now)):
        title = _("Обязанности главы исполняет %(name)s") if head.is_acting else _("Новый глава — %(name)s")
        page = reverse("municipality_people", args=[town.slug])
        lines.append(News(head.since, title % {"name": head.name}, page, is_sample=head.is_sample))
    return sorted(lines, key=lambda line: line.date, reverse=True)


def _of_report(report):
    return News(
        timezone.localdate(report.published_at).isoformat() if report.published_at else report.period_end.isoformat(),
        f"{report.subject.title}: {measure_state(report)}",
        report.get_absolute_url(),
        report.photo,
        report.is_sample,
    )


def _of_act(strategy):
    title = _("Утверждена стратегия") if strategy.kind == strategy.Kind.STRATEGY else strategy.title
    return News(strategy.act_date.isoformat(), title, strategy.get_absolute_url(), is_sample=strategy.is_sample)


def _of_session(session):
    day = timezone.localdate(session.starts_at).isoformat()
    return News(day, session.title, session.get_absolute_url(), is_sample=session.is_sample)
