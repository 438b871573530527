"""``minsheng audit``: whether anything was changed since it was received, judged or published."""

from __future__ import annotations

import typer

from minsheng.views.terminal import CountyOption, HomeDir, console, existing


def audit(home: HomeDir, county: CountyOption = None) -> None:
    """Compute the chain of evidence anew and name what was touched; exit 1 when anything was."""
    from minsheng.publication.chain import chain_head
    from minsheng.verify.chain import audit as audit_home

    here = existing(home, county)
    touched = audit_home(here)
    for one in touched:
        console.print(f"{one.where}：{one.problem}", style="red", markup=False, soft_wrap=True)
    head = chain_head(here)
    console.print(f"校验链 {head.number} 行，末值 {head.hash or '（还没有）'}", markup=False, soft_wrap=True)
    console.print(f"有 {len(touched)} 处被动过" if touched else "没有被动过的", markup=False)
    raise typer.Exit(1 if touched else 0)
