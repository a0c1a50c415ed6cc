"""Counting: which crimes a report requires, how many, under which class, by when, and why."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opencdi.counting.batch import BY_DATE, Counted, count

__all__ = ["BY_DATE", "READ", "Counted", "count"]

READ = ("incident_id", "reported_at", "caller_role")
"""What counting asks of an incident itself, besides what it discloses."""


def __getattr__(name: str) -> Any:
    """The batch brings the engine with it, which one decision must not wait for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from opencdi.counting import batch

    return getattr(batch, name)
