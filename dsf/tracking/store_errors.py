"""Why a store of numbers did not take something, and so what becomes of it."""

from __future__ import annotations

from dsf.core.errors import DsfError, UserError

__all__ = ["EventRefusedError", "StoreAwayError", "StoreBlockedError", "StoreError"]


class StoreError(DsfError):
    """Root of what a store may answer. Nobody who trains ever sees one."""


class StoreAwayError(StoreError):
    """Raised when the store cannot be reached now; what was to be sent is tried again, in order.

    Args:
        message: What happened.
        fault_inside: The store failed with an error of its own, which may be due to this very
            event: after some tries the event is set aside.
    """

    def __init__(self, message: str, *, fault_inside: bool = False) -> None:
        self.fault_inside = fault_inside
        super().__init__(message)


class StoreBlockedError(StoreError, UserError):
    """Raised when the store takes nothing until the user mends it: credentials, version, rights."""


class EventRefusedError(StoreError):
    """Raised when the store will never take this one event; those after it are sent."""
