"""What the fork server imports once, so that each killed process need not."""

import minsheng.publication.workbook
import minsheng.stages.publish  # noqa: F401
