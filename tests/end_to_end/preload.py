"""What the fork server imports once, so that each killed process need not."""

import great_expectations  # noqa: F401

import minsheng.flows.pipeline  # noqa: F401
