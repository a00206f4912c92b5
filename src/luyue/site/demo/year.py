"""A year in the life of the example companies, the same each time, made by taking actions with a moved clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from luyue.complaints.actions import register
from luyue.complaints.models import Complaint, Kind
from luyue.organization.authority import holders_of
from luyue.organization.models import Company, Employee
from luyue.parties.models import Party
from luyue.products.models import Product
from luyue.records import clock
from luyue.records.models import Obligation, Record
from luyue.site.demo.companies import PASSWORD
from luyue.site.demo.playing import Stage, acknowledge_all, bring_about, open_record
from luyue.site.demo.words import CHANNELS, TROUBLES, Trouble, complaint_says, improvement_says
from luyue.sweep.attesting import attest
from luyue.sweep.periods import keep_up

COMPLAINTS_A_YEAR = 22
OPEN_AT_THE_END = 8
STATEMENTS_FROM = timedelta(days=190)
"""How long before the present the companies began to run their procedures here."""
MACHINES = ("台", "套", "根")
"""Units of what a customer buys one or two of."""
STEPS = (
    "give_first_answer",
    "classify",
    "determine_responsibility",
    "propose_remedy",
    "decide_remedy",
    "tell_result",
    "carry_out",
    "ask_satisfaction",
    "close",
)


def live_through(company: Company, until: datetime) -> int:
    """Play the year that ends at an instant; says how many complaints were taken down.

    The last weeks' cases stay open at different stages, so that somebody has work on the first day.
    """
    random = Random(f"luyue {company.code}")
    parties = list(Party.objects.filter(company=company, role="customer").order_by("pk"))
    products = list(Product.objects.filter(company=company).order_by("pk"))
    beginnings = _beginnings(random, until)
    words = {"complaint": complaint_says, "improvement": improvement_says}
    holders: dict[str, list[Employee]] = {}
    taken_down = 0
    for place, moment in enumerate(beginnings):
        stage = Stage(company, PASSWORD, words, random, moment, holders)
        stage.pass_time(timedelta(0), timedelta(hours=3))
        if stage.now >= until:
            continue
        with transaction.atomic():
            complaint = _register(stage, random, parties, products)
            still_open = len(beginnings) - place
            steps = STEPS[: max(0, 8 - still_open)] if still_open <= OPEN_AT_THE_END else STEPS
            _see_through(stage, complaint, until, steps, hurried=place % 6 != 4)
        taken_down += 1
    return taken_down


def state_duties(company: Company, until: datetime) -> int:
    """Every fortnight those who must state that a duty of conduct was kept do so; a few forget. Says how many did."""
    random = Random(f"luyue conduct {company.code}")
    stated = 0
    for fortnight in range(STATEMENTS_FROM.days // 14, 0, -1):
        moment = until - timedelta(days=14 * fortnight)
        with transaction.atomic(), clock.moved_to(moment):
            keep_up(company, moment)
            running = Obligation.objects.filter(company=company, kind="attested", status="running")
            for row in running.order_by("pk"):
                if random.random() < 0.55:
                    stated += _state(row, moment)
    return stated


def _state(row: Obligation, moment: datetime) -> int:
    people = holders_of(row.company_id, row.owner, moment.date())
    if not people:
        return 0
    attest(row, by=people[0], evidence="已按要求执行，记录备查。")
    return 1


def _beginnings(random: Random, until: datetime) -> list[datetime]:
    """Spread over the year, one a day in the last ones."""
    earlier = [random.uniform(15, 365) for _ in range(COMPLAINTS_A_YEAR - OPEN_AT_THE_END)]
    days = sorted(earlier, reverse=True) + [OPEN_AT_THE_END - place - 0.7 for place in range(OPEN_AT_THE_END)]
    return [until - timedelta(days=each) for each in days]


def _register(stage: Stage, random: Random, parties: list[Party], products: list[Product]) -> Complaint:
    trouble = random.choice(TROUBLES[stage.company.code])
    party = random.choice(parties)
    product = random.choice([each for each in products if _can_happen_to(each, trouble)] or products)
    contact = party.contacts.first()
    channel = random.choice(CHANNELS)
    written = channel in ("letter", "fax", "e_mail")
    returned = "退回" in trouble.what
    return open_record(
        stage,
        Complaint(),
        register,
        {
            "party": party,
            "what_happened": trouble.what,
            "channel": channel,
            "written": written,
            "kind": Kind.RETURN_FOR_REWORK if returned else Kind.COMPLAINT,
            "contact_name": contact.name if contact else "",
            "contact_phone": contact.phone if contact else "",
            "demand": trouble.demand,
            "complaint_reason": "客户验收时发现。",
            "product": product,
            "specification": product.specification,
            "batch": f"{stage.now:%y%m%d}{random.randrange(1, 9)}",
            "quantity": Decimal(random.choice([1, 2] if product.unit in MACHINES else [24, 60, 120, 200, 360])),
            "unit": product.unit,
            "order_number": f"DD{stage.now:%Y%m}{random.randrange(100, 999)}",
            "material_number": product.number,
            "delivered_on": (stage.now - timedelta(days=random.randrange(3, 40))).date(),
            "site_address": party.address,
            "papers": ["original"] if written else [],
        },
    )


def _can_happen_to(product: Product, trouble: Trouble) -> bool:
    return trouble.product in f"{product.name} {product.specification} {product.category}"


def _see_through(stage: Stage, complaint: Record, until: datetime, steps: Sequence[str], *, hurried: bool) -> None:
    """Take the steps one after another until the present is reached; the slow cases run late."""
    for step in steps:
        _acknowledge(stage, complaint, share=0.97 if hurried else 0.5)
        stage.pass_time(timedelta(minutes=20), timedelta(hours=5) if hurried else timedelta(hours=90))
        if stage.now >= until:
            return
        if complaint.state not in complaint.FINAL and not _is_done(complaint, step):
            bring_about(stage, complaint, step)
    _acknowledge(stage, complaint, share=0.9)


def _acknowledge(stage: Stage, complaint: Record, *, share: float) -> None:
    stage.pass_time(timedelta(minutes=5), timedelta(minutes=90))
    acknowledge_all(stage, complaint, share=share)


def _is_done(complaint: Record, step: str) -> bool:
    return complaint.entries.filter(action=f"complaint.{step}").exists()
