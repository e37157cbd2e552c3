from django.views.generic import DetailView

from municipalities.models import Municipality
from municipalities.regions import RegionOfRecord
from strategies.priorities.models import Goal, Priority, Strategy
from strategies.programme.readiness import goal_percents

# The strategy in force first, then drafts, then other plans; what was replaced stands folded below.
ORDER = (Strategy.Status.APPROVED, Strategy.Status.DISCUSSION, Strategy.Status.DRAFT)


class StrategyDetailView(RegionOfRecord, DetailView):
    """A town's strategy and plans: acts, texts, the tree of goals with priorities, all versions."""

    queryset = Municipality.objects.select_related("region")
    template_name = "strategies/strategy_detail.html"
    context_object_name = "town"
    extra_context = {"step": "chosen", "section": "towns"}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, town = self.request.user, self.object
        versions = list(
            Strategy.objects.visible_to(user)
            .filter(municipality=town)
            .select_related("act")
            .order_by("kind", "title", "-version", "pk")
        )
        goals = Goal.objects.filter(strategy__in=versions).order_by("order", "pk")
        priorities = Priority.objects.visible_to(user).of_town(town).order_by("order", "pk")
        goal_percents(_grow_trees(versions, goals, priorities))
        current = [strategy for strategy in versions if strategy.status != Strategy.Status.SUPERSEDED]
        strategies = sorted(current, key=lambda one: (one.kind != Strategy.Kind.STRATEGY, ORDER.index(one.status)))
        return context | {
            "strategies": strategies,
            "first": strategies[0] if strategies else None,
            "superseded": [strategy for strategy in versions if strategy.status == Strategy.Status.SUPERSEDED],
            "versions": sorted(versions, key=lambda one: one.kind != Strategy.Kind.STRATEGY),
        }


def _grow_trees(strategies, goals, priorities):
    """Hang goals and priorities on their strategies: `tree` of nodes, and `loose` priorities without a goal.

    Returns:
        All nodes.
    """
    by_pk = {strategy.pk: strategy for strategy in strategies}
    for strategy in strategies:
        strategy.tree, strategy.loose = [], []
    nodes = {goal.pk: {"goal": goal, "branches": [], "priorities": []} for goal in goals}
    for node in nodes.values():
        goal = node["goal"]
        above = nodes[goal.parent_id]["branches"] if goal.parent_id else by_pk[goal.strategy_id].tree
        above.append(node)
    for priority in priorities:
        if priority.strategy_id not in by_pk:
            continue
        node = nodes.get(priority.goal_id)
        (node["priorities"] if node else by_pk[priority.strategy_id].loose).append(priority)
    return nodes.values()
