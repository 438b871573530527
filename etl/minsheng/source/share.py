"""What one run takes of each sender: whoever leaves more keeps nobody else waiting, and the next run goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from minsheng.core.outcome import Outcome

MOST_TAKEN = 1000
MOST_READ_BYTES = 4 << 30
_TAKEN = "本次取件已到上限，其余 {count} 个文件下次再取"
_TOO_MUCH = "文件总量太大，其余 {count} 个没有取件；请清理或归档已报送的文件"


@dataclass
class SenderShare:
    """What this run has taken of each sender, and how many files it has left to the next."""

    taken: Counter[str] = field(default_factory=Counter)
    read_bytes: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    def is_used_up(self, sender: str) -> bool:
        """Whether the sender's other files are left to the next run."""
        return self.taken[sender] >= MOST_TAKEN or self.read_bytes[sender] >= MOST_READ_BYTES

    def left_over(self) -> Iterator[Outcome]:
        """Whose files were left; those that are known count as read, so that much to read is no passing trouble."""
        for sender, count in self.left.items():
            if self.read_bytes[sender] >= MOST_READ_BYTES:
                yield Outcome(sender, "too_many", _TOO_MUCH.format(count=count), count)
            else:
                yield Outcome(sender, "postponed", _TAKEN.format(count=count), count)
