"""What DuckDB is asked, in the words of Spark: the same SELECT, the same rows (docs/adr/0058).

sqlglot translates; the rewrites here are where the two engines would answer differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from minsheng.core.errors import UserError

if TYPE_CHECKING:
    from sqlglot import exp


def query_of(sql: str, where: str) -> exp.Query:
    """The one SELECT that a text is, as a tree; raises UserError, about ``where``, when it is anything else."""
    from sqlglot import exp, parse
    from sqlglot.errors import SqlglotError

    try:
        found = parse(sql, read="duckdb")
    except SqlglotError as error:
        raise UserError("sql_unparsed", where, reason=str(error).splitlines()[0]) from error
    (query, *others) = found or [None]
    if others or not isinstance(query, exp.Query):
        raise UserError("sql_no_select", where)
    return query


def for_spark(query: exp.Query) -> str:
    """The query as Spark understands it; raises sqlglot's UnsupportedError for what it has no words for."""
    from sqlglot import ErrorLevel

    ready = query.copy().transform(_in_doubles).transform(_at_zone).transform(_last_clauses)
    # Quoted: without, Spark takes no Chinese name.
    return ready.sql(dialect="spark", identify=True, unsupported_level=ErrorLevel.RAISE)


def _in_doubles(node: exp.Expr) -> exp.Expr:
    """DuckDB divides and averages in doubles; Spark makes decimals of decimals, of a few digits more."""
    from sqlglot import exp

    if isinstance(node, exp.Avg | exp.Div):
        node.set("this", exp.cast(node.this, "double"))
    return node


def _at_zone(node: exp.Expr) -> exp.Expr:
    """A moment by the clock of a zone; sqlglot has Spark take it for a clock of UTC, and move it twice."""
    from sqlglot import exp

    if not isinstance(node, exp.AtTimeZone):
        return node
    return exp.func("convert_timezone", node.args["zone"], exp.cast(node.this, "timestamp_ntz", dialect="spark"))


def _last_clauses(node: exp.Expr) -> exp.Expr:
    """LIMIT and ORDER BY come after QUALIFY and DISTINCT ON, of which sqlglot makes a subquery with the two inside.

    Rows can be ordered only by what is selected then.
    """
    from sqlglot import exp

    if not isinstance(node, exp.Select) or not (node.args.get("qualify") or _is_distinct_on(node)):
        return node
    last = {name: node.args[name] for name in ("order", "limit", "offset") if node.args.get(name)}
    if not last:
        return node
    inner = node.copy()
    for name in ("limit", "offset"):  # DISTINCT ON takes the first by the order
        inner.set(name, None)
    outer = exp.select("*").from_(inner.subquery("asked"))
    for name, clause in last.items():
        outer.set(name, clause.copy())
    return outer


def _is_distinct_on(select: exp.Select) -> bool:
    distinct = select.args.get("distinct")
    return bool(distinct and distinct.args.get("on"))
