"""Which rows of reports are final, said once: a migration that rebuilds the table releases and then protects them."""

from accounts.final import ProtectRows, ReleaseRows

REPORTS = "strategies_progressreport"
PUBLISHED = "OLD.status = 'published'"
PARTS = ["strategies_reportedmilestone", "strategies_reportedactual", "strategies_reportedspending"]
EVIDENCE = "strategies_evidence"
# Whose report is asked about: a part may not come to a published report, leave it or change in it.
ROWS = {"INSERT": "NEW.report_id", "UPDATE": "OLD.report_id, NEW.report_id", "DELETE": "OLD.report_id"}
OF_PUBLISHED = "EXISTS (SELECT 1 FROM strategies_progressreport WHERE status = 'published' AND id IN ({}))"


def _each(operation, tables):
    return [
        operation(table, events=(event,), condition=OF_PUBLISHED.format(row))
        for table in tables
        for event, row in ROWS.items()
    ]


def release_reports(tables=PARTS):
    """Operations that let published reports and their parts go."""
    return [*_each(ReleaseRows, tables), ReleaseRows(REPORTS, condition=PUBLISHED)]


def protect_reports(tables=(*PARTS, EVIDENCE)):
    """Operations that make published reports and their parts final."""
    return [ProtectRows(REPORTS, condition=PUBLISHED), *_each(ProtectRows, tables)]
