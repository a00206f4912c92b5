"""What happened, written once: entries chained per record, and the blocks in which they are sealed per company."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luyue.organization.models import Company, Employee


class Entry(models.Model):
    """Who did what, when it happened and when it was entered; it is written once and never changed or removed."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    chain = models.CharField(_("chain"), max_length=40)
    sequence = models.PositiveIntegerField(_("number in the chain"))
    action = models.CharField(_("action"), max_length=80)
    by = models.ForeignKey(
        Employee,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("done by"),
    )
    acting_as = models.CharField(_("acting as"), max_length=80, blank=True)
    occurred_at = models.DateTimeField(_("happened at"))
    entered_at = models.DateTimeField(_("entered at"))
    state_before = models.CharField(_("state before"), max_length=40, blank=True)
    state_after = models.CharField(_("state after"), max_length=40, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    dates = models.JSONField(_("dates"), default=dict, blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    previous_hash = models.CharField(_("hash of the entry before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [models.UniqueConstraint(fields=["company", "chain", "sequence"], name="one_entry_per_link")]
        indexes = [
            models.Index(fields=["record", "sequence"], name="entry_record"),
            models.Index(fields=["company", "action", "occurred_at"], name="entry_action"),
            models.Index(fields=["company", "id"], name="entry_order"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.sequence} {self.action}"


class Block(models.Model):
    """Entries of one company sealed together; its digest covers them and all blocks before it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    sealed_at = models.DateTimeField(_("sealed at"))
    # The entries in this block; then those in this block and all before it.
    count = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    merkle_root = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    # For the sealer: the greatest entry id sealed so far; the transaction that sealed (0 on SQLite); and the id up to
    # which no entry is still to come, after which the next search begins.
    last_entry = models.PositiveBigIntegerField()
    horizon = models.PositiveBigIntegerField()
    floor = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_number_per_block")]

    def __str__(self) -> str:
        return f"{self.number}"


class Leaf(models.Model):
    """An entry's place in its block, with the entry's hash at the time of sealing."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="leaves", db_index=False)
    position = models.PositiveIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="leaf")
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("leaf")
        verbose_name_plural = _("leaves")
        constraints = [models.UniqueConstraint(fields=["company", "block", "position"], name="one_leaf_per_position")]

    def __str__(self) -> str:
        return f"{self.position}"
