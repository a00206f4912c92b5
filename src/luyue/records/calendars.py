"""The working calendar of a company, as its administrators keep it."""

from luyue.organization.hours import calendar_of

__all__ = ["calendar_of"]
