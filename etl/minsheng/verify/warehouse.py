"""The warehouse against landing: it is made from nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.core.home import Home
from minsheng.landing import opening_files, plans, receipts
from minsheng.verify.hurt import Hurt, at
from minsheng.verify.remembered import Remembered


def verify_warehouse(home: Home, remembered: Remembered) -> Iterator[Hurt]:
    """Months that landing knows and the warehouse does not, and reports that they tell otherwise.

    A report that has landed and is not in the warehouse is no fault: the next run reads it.
    """
    where = at(home, home.warehouse)
    for plan_id in plans(home):
        noted = {path.stem for path in opening_files(home, plan_id)}
        if missing := sorted(noted - remembered.months_of(plan_id)):
            yield Hurt("warehouse_behind", where, f"原件区记有 {plan_id} {'、'.join(missing)} 已开月，数据仓库中没有")
        for receipt in receipts(home, plan_id):
            told = remembered.submissions.get((plan_id, receipt.submission_id))
            if told and told != (receipt.unit_code, receipt.sha256, receipt.received_at):
                words = f"报送 {receipt.submission_id} 的单位、内容或收到时间与收据不同"
                yield Hurt("warehouse_differs", where, words)
