"""What the fork server imports once, so that each killed process need not."""

import etl.published.workbook
import etl.stages.publish  # noqa: F401
