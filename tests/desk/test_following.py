"""What a step sets going is said before it is taken."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Complaint
from luyue.organization.models import Employee
from tests.firms import Firm
from tests.stories.telling import Tale

SeenBy = Callable[[Employee], Client]
ComplaintOf = Callable[..., Complaint]
MONDAY = "2026-03-02 10:00"


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_form_says_who_is_next_and_by_when(cement: Firm, seen_by: SeenBy) -> None:
    with cement.at("2026-03-02 09:00"):
        form = page(seen_by(cement["complaint_officer"]), "/r/complaints/new/")

    said = form.replace("\u2060", "").replace("\u00a0", " ")
    assert "售后服务专员须在 2 小时内（2026-03-02 11:00 前）首次答复。" in said
    assert said.index("须在 2 小时内") < said.index("须在 12 个工时内") < said.index("须在 15 天内")
    assert "须在 4 个工时内签收" in form


def test_the_form_says_on_which_answers_the_rest_depends(carbide: Firm, seen_by: SeenBy) -> None:
    form = page(seen_by(carbide["sales_officer"]), "/r/complaints/new/")

    assert "其他事项和时限视填写内容而定：" in form
    assert "客户市场" in form.split("其他事项和时限视填写内容而定：")[1].split("</li>")[0]


def test_the_form_shows_the_promise_that_it_keeps(carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf) -> None:
    complaint = complaint_of(carbide)

    form = page(seen_by(carbide["sales_officer"]), f"/r/complaints/{complaint.pk}/do/classify/")

    head = form.split('id="dialog-title"')[1].split("</div>")[0]
    assert 'class="clock"' in head
    assert "GJ-YX-05 10.3" in head


def test_a_step_that_lies_further_on_names_the_one_to_take_now(carbide: Firm, seen_by: SeenBy) -> None:
    tale = Tale(carbide, MONDAY).comes_to("determine_responsibility", MONDAY)

    form = page(seen_by(carbide["sales_officer"]), f"/r/complaints/{tale.record.pk}/do/close/")

    assert "这张单据现在要办的是：提出处理方案。" in form
    assert f'href="/r/complaints/{tale.record.pk}/do/propose_remedy/"' in form.split('class="dialog-foot"')[1]


def test_a_signer_is_told_who_else_signs_and_what_sending_back_means(carbide: Firm, seen_by: SeenBy) -> None:
    tale = Tale(carbide, MONDAY).comes_to("propose_remedy", MONDAY)

    with carbide.at("2026-03-02 11:00"):
        form = page(seen_by(carbide["quality_manager"]), f"/r/complaints/{tale.record.pk}/do/sign/")

    assert "签署后，方可“审定处理方案”" in form
    assert "如退回，须重新办理：提出处理方案。" in form


def test_my_work_leads_to_the_record_when_the_step_lies_further_on(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint = complaint_of(carbide)

    work = page(seen_by(carbide["sales_officer"]), "/")

    assert f"/r/complaints/{complaint.pk}/do/classify/" in work
    assert f"/r/complaints/{complaint.pk}/do/close/" not in work


def test_what_is_overdue_stands_before_what_still_runs(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    with carbide.at("2026-03-02 09:00"):
        complaint = complaint_of(carbide)
    with carbide.at("2026-03-09 09:00"):
        complaint_is.give_first_answer(complaint, by=carbide["sales_officer"], first_answer="已收到", channel="phone")
        shown = page(seen_by(carbide["sales_officer"]), f"/r/complaints/{complaint.pk}/")

    clocks = shown.split('data-part="clocks"')[1].split("</section>")[0]
    tones = [part.split('"')[0] for part in clocks.split('data-tone="')[1:]]
    assert tones == sorted(tones, key=["overdue", "due", "running", "late", "kept"].index)


def test_what_is_not_filled_in_is_named_in_one_line(carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf) -> None:
    complaint = complaint_of(carbide)

    shown = page(seen_by(carbide["sales_officer"]), f"/r/complaints/{complaint.pk}/")

    line = shown.split(" 项未填写</summary>")[1].split("</details>")[0]
    assert "批号" in line
    assert "客户要求" not in line


def test_a_measure_is_completed_by_choosing_it_from_those_still_open(carbide: Firm, seen_by: SeenBy) -> None:
    tale = Tale(carbide, MONDAY).comes_to("determine_responsibility", MONDAY)
    improvement = tale.raises_improvement("2026-03-02 11:00", "quality_manager", "quality_manager")
    improvement.comes_to("start", "2026-03-02 12:00")

    form = page(seen_by(carbide["quality_manager"]), f"/r/improvements/{improvement.record.pk}/do/complete_action/")

    assert '<option value="1">1. 更换热电偶并缩短校验周期' in form


def test_a_long_comment_and_many_files_are_folded_in_the_history(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint, client = complaint_of(carbide), seen_by(carbide["sales_officer"])
    address = f"/r/complaints/{complaint.pk}/do/"
    client.post(f"{address}comment/", {"text": "一句很长的话。" * 100})
    files = [SimpleUploadedFile(f"照片{n}.png", b"\x89PNG\r\n\x1a\n" + bytes([n])) for n in range(8)]
    client.post(f"{address}attach/", {"files": files, "file_kind": "photo"})

    shown = page(client, f"/r/complaints/{complaint.pk}/")

    history = shown.split('class="history"')[1].split("</ol>")[0]
    assert '<details class="history-comment">' in history
    assert "另有 5 项" in history
    assert "照片2.png" in history
    assert "照片3.png" not in history
    assert '其余附件<span class="count">2</span>' in shown


def test_who_cannot_take_the_step_that_comes_first_is_shown_that_step_and_whose_it_is(
    carbide: Firm, seen_by: SeenBy
) -> None:
    tale = Tale(carbide, MONDAY).comes_to("determine_responsibility", MONDAY)
    tale.acknowledge("2026-03-02 11:00", "marketing_manager")

    answer = seen_by(carbide["marketing_manager"]).get(f"/r/complaints/{tale.record.pk}/")

    main = answer.context["main_action"]
    assert main.name == "propose_remedy"
    assert "业务员" in main.refusal


def test_what_is_closed_asks_for_nothing_more(carbide: Firm, seen_by: SeenBy) -> None:
    tale = Tale(carbide, MONDAY).comes_to("close", MONDAY)

    answer = seen_by(carbide["sales_officer"]).get(f"/r/complaints/{tale.record.pk}/")

    main = answer.context["main_action"]
    assert main is None or main.name != "reopen"
    assert "重新处理" in answer.content.decode()


def test_satisfaction_is_asked_before_anybody_thinks_of_reopening(carbide: Firm, seen_by: SeenBy) -> None:
    tale = Tale(carbide, MONDAY).comes_to("carry_out", MONDAY)

    answer = seen_by(carbide["sales_officer"]).get(f"/r/complaints/{tale.record.pk}/")

    assert answer.context["main_action"].name != "reopen"


def test_what_waits_for_the_customer_goes_on_from_there(carbide: Firm, seen_by: SeenBy) -> None:
    tale = Tale(carbide, MONDAY).comes_to("classify", MONDAY)
    tale.then("2026-03-02 11:00", "sales_officer", complaint_is.wait_for_customer)

    answer = seen_by(carbide["sales_officer"]).get(f"/r/complaints/{tale.record.pk}/")

    assert "resume" in [each.name for each in (answer.context["main_action"], *answer.context["open_actions"]) if each]


def test_who_waits_for_others_sees_for_whom(carbide: Firm, seen_by: SeenBy) -> None:
    tale = Tale(carbide, MONDAY).comes_to("propose_remedy", MONDAY)
    owner = tale.record.owner

    work = page(seen_by(owner), "/?list=others")

    assert "等待质量管理部主管办理" in work
    assert f"/r/complaints/{tale.record.pk}/do/sign/" not in work
    assert 'href="/" data-tone="plain" aria-current="true"' in work
