"""Run by the shell of an installation: a firm with a customer, in the database that the installation serves."""

from luyue.rulebook.loading import SHIPPED, read_profile
from tests.firms import Firm

Firm(read_profile(SHIPPED / "carbide")).customer()
