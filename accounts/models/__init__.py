from .erasing import ErasableWords
from .journal import JournalEntry
from .letter import Letter
from .revision import Revision
from .user import Role, RoleAssignment, User
from .workflow import WorkflowModel, WorkflowQuerySet

__all__ = [
    "ErasableWords", "JournalEntry", "Letter", "Revision", "Role", "RoleAssignment", "User", "WorkflowModel",
    "WorkflowQuerySet",
]  # fmt: skip
