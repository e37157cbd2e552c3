"""A change that the public sees makes a new edition of its region, wherever it is saved: page, admin, import, shell.

Every fact of the site (`Record`) and its parts are watched unless they say that the public does not see them:

* `is_public`: False where nobody outside sees the record, as of drafts and of what only the office reads;
* `part_of`: the name of the field with the record that this one is shown with and hidden with;
* `territory`: (region id, …) of a record that is part of no other.

A model that says nothing is of no region: it changes the pages of all. What is written in bulk sends no signals:
whoever does so calls `Edition.bump`.
"""

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models.signals import m2m_changed, post_delete, post_save

from municipalities.models import Edition, Record, Region


def is_watched(model):
    """Whether the public may see rows of a model."""
    return issubclass(model, Record) or hasattr(model, "part_of")


def watch():
    """Connect the signals of all models whose rows the public may see."""
    for model in filter(is_watched, apps.get_models()):
        for signal in (post_save, post_delete):
            signal.connect(_row_changed, sender=model, dispatch_uid="edition")
    m2m_changed.connect(_links_changed, dispatch_uid="edition")


def _row_changed(sender, instance, **kwargs):
    bump_for(instance)


def _links_changed(sender, instance, action, **kwargs):
    if action.startswith("post_") and is_watched(type(instance)):
        bump_for(instance)


def bump_for(record):
    """Make a new edition of the region of a record, if the public sees the record."""
    if Edition.is_bumped_everywhere():
        return
    try:
        whole = _whole(record)
        if whole is not None:
            Edition.bump(_region_of(whole))
    except ObjectDoesNotExist:  # what it was a part of is gone
        Edition.bump()


def _whole(record):
    """The record that this one is a part of, however deep; None where something on the way is not public."""
    while getattr(record, "is_public", True):
        name = getattr(record, "part_of", "")
        above = getattr(record, name) if name else None
        if above is None:
            return record
        record = above
    return None


def _region_of(record):
    # A region stands in the lists of regions on every page.
    return None if isinstance(record, Region) or not hasattr(record, "territory") else record.territory[0]
