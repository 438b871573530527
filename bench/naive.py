"""The month as it is written in an afternoon: pandas reads, Great Expectations judges each file, SQLite keeps.

It does far less than ours: five expectations instead of all rules, and no template, history, mail,
correction, register, publication or page.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from zipfile import BadZipFile

import great_expectations as gx
import pandas as pd

from bench.delivery import FILES

_NUMBERS = ["年度目标", "本月数", "累计数", "分子", "分母"]
_COMPLETION = "select 指标编码, max(累计数) / max(年度目标) as completion_ratio from report group by 指标编码"


def main(folder: Path) -> None:
    """Take the delivery in and compute completion."""
    context = gx.get_context(mode="ephemeral")
    batches = (
        context.data_sources.add_pandas("files").add_dataframe_asset("file").add_batch_definition_whole_dataframe("all")
    )
    with closing(sqlite3.connect(folder / "naive.sqlite")) as database:
        for path in FILES:
            report = read(path)
            if report is not None and batches.get_batch({"dataframe": report}).validate(suite()).success:
                report.to_sql("report", database, if_exists="append", index=False)
        pd.read_sql(_COMPLETION, database).to_sql("completion", database, if_exists="replace", index=False)


def read(path: Path) -> pd.DataFrame | None:
    """The lines of sheet 填报; None if there is none."""
    try:
        sheet = pd.read_excel(path, sheet_name="填报", header=None, dtype=object)
    except (BadZipFile, ValueError):
        return None
    header = sheet.index[sheet.isin(["指标编码"]).any(axis="columns")][0]
    lines = sheet.loc[header + 1 :].set_axis([str(name).split()[0] for name in sheet.loc[header]], axis="columns")
    lines = lines[lines["指标编码"].astype(str).str.match(r"M\d\d-\d\d")]
    return lines.assign(**{name: pd.to_numeric(lines[name], errors="coerce") for name in _NUMBERS})


def suite() -> gx.ExpectationSuite:
    """What everyone thinks of first."""
    expect = gx.expectations
    return gx.ExpectationSuite(
        name="report",
        expectations=[
            expect.ExpectColumnValuesToBeUnique(column="指标编码"),
            expect.ExpectColumnValuesToNotBeNull(column="年度目标"),
            expect.ExpectColumnValuesToBeBetween(column="本月数", min_value=0),
            expect.ExpectColumnValuesToBeBetween(column="累计数", min_value=0),
            expect.ExpectColumnPairValuesAToBeGreaterThanB(column_A="累计数", column_B="本月数", or_equal=True),
        ],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
