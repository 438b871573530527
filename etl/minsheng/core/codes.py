"""The closed vocabularies: every code that is also shown to people. What each is called stands in ``zh.yaml``."""

from __future__ import annotations

from typing import Literal

# What a rule does to a file that breaks it, and so what a finding is.
Severity = Literal["reject", "warn", "note"]
# What became of a file that was judged.
Verdict = Literal["accepted", "rejected", "duplicate"]
# How a unit stands with a month, and when its first accepted file came.
SubmissionStatus = Literal["accepted", "unsigned", "rejected", "missing", "not_due"]
Timing = Literal["on_time", "late", "supplementary"]
# What a unit owes.
Role = Literal["lead", "contribution", "note"]

# What an indicator is, and how it is judged.
Kind = Literal["flow", "stock", "ratio", "coverage", "milestone", "trend"]
Comparator = Literal["ge", "gt", "full_coverage", "gt_last_year"]
# Of these the number itself is not enough: it has to be passed.
STRICT: tuple[Comparator, ...] = ("gt", "gt_last_year")
Polarity = Literal["higher_better", "lower_better"]
ProgressBasis = Literal[
    "linear_month", "node_plan", "level_vs_target", "level_vs_target_with_base", "rate_gap", "trend_vs_same_period"
]
RegisterScope = Literal["per_member", "county_total"]
# How an indicator's numbers are written, over which span its ratio is taken, and what binds it to other indicators.
ValueType = Literal["integer", "decimal"]
RatioSpan = Literal["cumulative", "month"]
RelationType = Literal[
    "subset_of", "shares_denominator_with", "denominator_equals", "supported_by", "requires", "twin_of"
]
# What becomes of a due day that is none of the working days.
DueRoll = Literal["next_working_day", "none"]
# What the rows of a published table are: what happened, how things stood at each month's end, what goes on changing.
FactType = Literal["dimension", "snapshot", "transaction", "accumulating"]
# What sort of body a unit is; a plan may know others. Unknown: a sender the plan does not know.
UnitType = Literal[
    "county_bureau", "public_centre", "mass_organisation", "cooperative_body", "central_bank_branch",
    "enterprise_branch", "party_organ", "party_led_committee", "unknown",
]  # fmt: skip

# How it stands, and why.
StatusCode = Literal[
    "DONE", "AHEAD", "ON_TRACK", "BEHIND", "FAR_BEHIND", "NOT_DONE", "IN_PROGRESS", "NOT_REPORTED", "NO_BASIS",
    "CLOSED",
]  # fmt: skip
ReasonCode = Literal[
    "MISSING", "REJECTED", "NOT_DUE", "NOT_FILLED", "NO_VALUE", "NO_DENOMINATOR", "NO_REGISTER", "NO_LAST_YEAR",
    "NO_TARGET", "NO_PACE", "BEHIND_TIME", "BEHIND_RATE", "BEHIND_NODE", "BEHIND_LAST_YEAR", "PAST_DEADLINE",
    "UNREPORTED_AT_DEADLINE", "OPENED_AFTER_FREEZE", "NO_DATA_EXCUSED", "NO_DATA", "UNSIGNED",
]  # fmt: skip
Light = Literal["blue", "green", "yellow", "red", "grey"]

# What a mail is for: an answer to files by the weightiest verdict in it, or what its first letter is.
MailKind = Literal[
    "rejection", "receipt", "duplicate", "notice", "form", "opening", "reminder", "escalation", "late_list", "feedback",
    "stranger", "question", "signing", "bulletin",
]  # fmt: skip
# How far the explanation of a doubtful number has got, and what the data team may decide of it.
ExplanationState = Literal["unexplained", "explained", "agreed", "asked"]
ReviewCode = Literal["agreed", "asked"]
# Where a mail is: see ``minsheng.mail.folders``.
MailState = Literal["pending", "unaddressed", "sent", "refused"]
# What a rule looks at.
Scope = Literal["file", "owed", "row", "cell"]
# How the content of a cell was taken; only of the first two is there a value.
CellReading = Literal[
    "ok", "normalised", "empty", "mark", "approximate", "percent", "unit_mismatch", "inexact", "too_precise",
    "too_large", "date", "error", "no_value", "external", "scaled", "letter", "two_ways", "not_a_number",
    "unknown_choice", "repeated", "shifted", "moved",
]  # fmt: skip
# What a stage did with one of its inputs.
Result = Literal[
    "landed", "known", "withheld", "busy", "later", "postponed", "ignored", "misplaced", "unknown_sender", "unreadable",
    "shut", "silent", "down", "too_deep", "too_many", "listed", "parsed", "opened", "waiting", "accepted", "rejected",
    "duplicate", "built", "passed", "warned", "published", "switched", "unchanged", "outdated", "held", "copied",
    "frozen", "doubted", "due", "made", "queued", "unaddressed", "sent", "refused", "partly", "put_off", "stuck",
    "removed", "failed", "signed", "left",
]  # fmt: skip
# What people decide of a rule or a month; each kind has its opposite.
DecisionKind = Literal[
    "rule_off", "rule_on", "extended", "extension_ended", "closed", "closing_ended", "reopened", "reopening_ended",
    "signed", "signature_withdrawn",
]  # fmt: skip
# What a person decides of a bulletin's draft.
BulletinVerdict = Literal["approved", "declined"]
# By what readers came onto a revision; ``found``: nobody wrote down how.
PublicationChange = Literal["published", "rolled_back", "released", "found"]
# The stages of a run, and what is done beside them.
Stage = Literal[
    "receive_plan", "freeze", "open", "inbox", "source", "pull", "parse", "validate", "load", "renew", "build",
    "publish", "report", "roll_up", "copy", "chase", "send", "settle_mail", "examine", "back_up", "drop_backups",
    "drop_revisions", "drop_logs",
]  # fmt: skip
# What needs a person: see ``minsheng.watch``.
Cause = Literal[
    "task_red", "dag_silent", "airflow_down", "source_down", "source_silent", "inbox_trouble", "mail_refused",
    "mail_stuck", "mail_unaddressed", "address_bounced", "disk_low", "unjudged", "unpublished", "month_unopened",
    "freeze_missed", "backup_missing", "certificate_expiring", "home_damaged", "warehouse_busy",
    "unwatched",
]  # fmt: skip
