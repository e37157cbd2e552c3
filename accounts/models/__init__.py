from .journal import JournalEntry
from .user import Role, RoleAssignment, User
from .workflow import WorkflowModel, WorkflowQuerySet

__all__ = ["JournalEntry", "Role", "RoleAssignment", "User", "WorkflowModel", "WorkflowQuerySet"]
