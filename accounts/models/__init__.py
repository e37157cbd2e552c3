from .journal import JournalEntry
from .letter import Letter
from .user import Role, RoleAssignment, User
from .workflow import WorkflowModel, WorkflowQuerySet

__all__ = ["JournalEntry", "Letter", "Role", "RoleAssignment", "User", "WorkflowModel", "WorkflowQuerySet"]
