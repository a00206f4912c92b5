"""Argon2 for places where many people are signed in quickly: tests and the demonstration."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """The same algorithm with small parameters; any real installation uses Django's own."""

    time_cost = 1
    memory_cost = 1024
    parallelism = 1
