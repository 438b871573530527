"""The month as it is written in an afternoon: pandas reads, Great Expectations judges each file, SQLite keeps.

It does far less than ours: six expectations instead of all rules, and no template, history, mail,
correction, register, publication or page.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import great_expectations as gx
import great_expectations.expectations.core as expect
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition

from bench.timing import milliseconds, tell

_SHEETS = ("填报", "配合事项")
_CODE = "指标编码"
_NUMBERS = ("年度目标", "本月数", "累计数", "分子", "分母")
_COMPLETION = f"""
    select {_CODE}, sum(累计数) / max(年度目标) as completion_ratio
    from report
    where sheet = '填报'
    group by {_CODE}
"""


def main(folder: Path, delivery: Path) -> None:
    """Take the delivery in and compute completion."""
    batches, suite = batch_definition(), expectations()
    with closing(sqlite3.connect(folder / "naive.sqlite")) as database:
        for path in sorted(delivery.glob("*/*")):
            report = read(path)
            if batches.get_batch({"dataframe": report}).validate(suite).success:
                report.to_sql("report", database, if_exists="append", index=False)
        pd.read_sql(_COMPLETION, database).to_sql("completion", database, if_exists="replace", index=False)


def read(path: Path) -> pd.DataFrame:
    """Every line with an indicator, whichever sheet it is on."""
    sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=object)
    found = [lines(sheets[name]).assign(sheet=name) for name in _SHEETS if name in sheets]
    return pd.concat(found).assign(unit_code=path.parent.name)


def lines(sheet: pd.DataFrame) -> pd.DataFrame:
    """The lines below the headings, numbers as numbers."""
    header = sheet.index[sheet.isin([_CODE]).any(axis="columns")][0]
    table = sheet.loc[header + 1 :].set_axis([str(name) for name in sheet.loc[header]], axis="columns")
    table = table[table[_CODE].astype(str).str.match(r"M\d\d-\d\d")].reindex(columns=[_CODE, *_NUMBERS])
    return table.assign(**{name: pd.to_numeric(table[name], errors="coerce") for name in _NUMBERS})


def batch_definition() -> BatchDefinition[None]:
    """What a frame is handed to Great Expectations through."""
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("files").add_dataframe_asset("file")
    return asset.add_batch_definition_whole_dataframe("all")


def expectations() -> gx.ExpectationSuite:
    """What everyone thinks of first."""
    either: Final = "either_value_is_missing"
    return gx.ExpectationSuite(
        name="report",
        expectations=[
            expect.ExpectCompoundColumnsToBeUnique(column_list=["sheet", _CODE]),
            expect.ExpectColumnValuesToBeBetween(column="年度目标", min_value=0),
            expect.ExpectColumnValuesToBeBetween(column="本月数", min_value=0),
            expect.ExpectColumnValuesToBeBetween(column="累计数", min_value=0),
            expect.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="累计数", column_B="本月数", or_equal=True, ignore_row_if=either
            ),
            expect.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="分母", column_B="分子", or_equal=True, ignore_row_if=either
            ),
        ],
    )


if __name__ == "__main__":
    tell(milliseconds(lambda: main(*map(Path, sys.argv[1:]))))
