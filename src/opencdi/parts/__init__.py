"""Tables kept in parts: which part a row belongs to, and how parts are written."""

from opencdi.parts.calendar import Calendar, calendar_for, part_of
from opencdi.parts.writing import Placed, write_empty, write_parts, write_stored_parts

__all__ = [
    "Calendar",
    "Placed",
    "calendar_for",
    "part_of",
    "write_empty",
    "write_parts",
    "write_stored_parts",
]
