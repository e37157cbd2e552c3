"""Computed readiness of priorities and goals, drawn from public records: the same rule for every page."""

from django.db.models import Exists, OuterRef, Q

from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure
from strategies.progress import LeftOut, Line, readiness


def priority_progress(priority):
    """Readiness over the public measures that answer a priority; one query."""
    measures = Measure.objects.public().filter(priority_links__priority=priority)
    return readiness(list(measures.with_programme().select_related("municipality")))


def goal_progress(goal):
    """Readiness over public measures of the priorities of a goal and of the goals under it, each once; two queries."""
    under = Q(goal=goal) | Q(goal__parent=goal) | Q(goal__parent__parent=goal)
    answered = PriorityMeasure.objects.filter(priority=OuterRef("pk"), measure__in=Measure.objects.counted())
    priorities = Priority.objects.public().filter(under).annotate(is_answered=Exists(answered)).order_by("order", "pk")
    measures = Measure.objects.public().filter(
        pk__in=PriorityMeasure.objects.filter(priority__in=Priority.objects.public().filter(under)).values("measure")
    )
    bare = [Line(one, left_out=LeftOut.NO_MEASURES) for one in priorities if not one.is_answered]
    return readiness(list(measures.with_programme().select_related("municipality")), others=bare)


def goal_percents(nodes):
    """Annotate each node of the trees of a strategy (`goal`, `branches`, `priorities`) with its `progress`; one query.

    The same figure as that of `goal_progress`.
    """
    nodes = list(nodes)
    links = PriorityMeasure.objects.filter(
        priority__in=Priority.objects.public().filter(goal__in=[node["goal"].pk for node in nodes]),
        measure__in=Measure.objects.public(),
    ).select_related("measure")
    answers = {}
    for link in links:
        answers.setdefault(link.priority_id, {})[link.measure_id] = link.measure
    for node in nodes:
        node["progress"] = readiness(list(_measures_under(node, answers).values()))


def _measures_under(node, answers):
    found = {}
    for priority in node["priorities"]:
        found |= answers.get(priority.pk, {})
    for branch in node["branches"]:
        found |= _measures_under(branch, answers)
    return found
