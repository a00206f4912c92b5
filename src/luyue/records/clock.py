"""What time it is, for actions: the clock of the floor below, which the middleware reads too."""

from luyue.organization.clock import moved_to, now

__all__ = ["moved_to", "now"]
