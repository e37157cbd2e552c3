"""Whatever a factory gives could have come through a form: it passes `full_clean` as it was saved."""

from django.core.exceptions import ValidationError

from tests import factories


def _records(region, town, head):
    """One record of every factory, by name."""
    strategy = factories.strategy(town, status="approved")
    priority = factories.priority(strategy)
    measure = factories.measure(town)
    link = factories.agreed_link(priority, measure)
    programme = measure.direction.programme
    return {
        "document": strategy.act,
        "document of a region": factories.document(region),
        "strategy": strategy,
        "strategy under discussion": factories.strategy(town, version=2),
        "goal": factories.goal(strategy),
        "priority": priority,
        "programme": programme,
        "direction": measure.direction,
        "measure": measure,
        "measure of a region": factories.measure(region),
        "link": link,
        "commitment of the region": link.commitments.get(side="region"),
        "commitment of the town": link.commitments.get(side="town"),
        "commitment withdrawn": factories.commitment(
            factories.link(priority, factories.measure(town, direction=measure.direction)), "town", status="withdrawn"
        ),
        "report": factories.report(measure, by=head),
        "report on a priority": factories.report(factories.priority(strategy), by=head),
        "cycle": factories.cycle(programme),
        "session": factories.session(town),
        "session of a region": factories.session(region),
        "proposal": factories.proposal(town),
        "paper_template": factories.paper_template(region),
    }


def test_every_factory_gives_what_a_form_would_take(region, town, head):
    refused = {}
    for name, record in _records(region, town, head).items():
        record.refresh_from_db()
        try:
            record.full_clean(exclude=["created_by"])
        except ValidationError as refusal:
            refused[name] = refusal.messages
    assert refused == {}


def test_every_factory_is_among_them(region, town, head):
    public = {
        name
        for name, value in vars(factories).items()
        if callable(value) and getattr(value, "__module__", "") == factories.__name__ and not name.startswith("_")
    } - {"make", "checking", "agreed_link"}
    assert {name.split(" ")[0] for name in _records(region, town, head)} == public
