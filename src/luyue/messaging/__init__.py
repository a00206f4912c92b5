"""Telling people what concerns them: notices in their list, and mail that leaves after commit."""
