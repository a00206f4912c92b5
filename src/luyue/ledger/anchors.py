"""Anchors: a block's digest taken to another place, against which the whole ledger up to that block can be proven."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from luyue.ledger import canonical
from luyue.ledger.models import Block
from luyue.organization.models import Company


class AnchorError(ValueError):
    """A file that is no anchor; the sentence says what is wrong with it."""


@dataclass(frozen=True)
class Anchor:
    """What was exported: which block of which company, its digest, and how many entries it covers (`size`)."""

    company: str
    company_id: int
    block: int
    digest: str
    sealed_at: str
    count: int
    size: int

    def to_json(self) -> str:
        """The file's text; short enough to print, mail or put under retention."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str | bytes) -> Anchor:
        """Read a file that `luyue anchor` wrote, in any Unicode coding a shell gave it; raises `AnchorError`."""
        try:
            content = json.loads(text)
        except ValueError as error:
            raise AnchorError(_("This is not an anchor: it is not JSON.")) from error
        kinds = {"company": str, "company_id": int, "block": int, "digest": str}
        kinds |= {"sealed_at": str, "count": int, "size": int}
        if not isinstance(content, dict):
            raise AnchorError(_("This is not an anchor: an object with names is expected."))
        for name, kind in kinds.items():
            if type(content.get(name)) is not kind:
                raise AnchorError(_("This is not an anchor: %(name)s is missing or wrong.") % {"name": name})
        return cls(**{name: content[name] for name in kinds})


def newest_anchor(company: Company) -> Anchor | None:
    """The anchor of a company's last block; None before the first."""
    block = Block.objects.filter(company=company).order_by("-number").first()
    if block is None:
        return None
    return Anchor(
        company=company.code,
        company_id=company.pk,
        block=block.number,
        digest=block.digest,
        sealed_at=canonical.instant(block.sealed_at, where="sealed_at"),
        count=block.count,
        size=block.size,
    )
