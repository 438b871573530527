"""Whether a home is whole: what is lost or damaged in it, and how each is mended. Changes nothing."""

from minsheng.verify.home import verify
from minsheng.verify.hurt import REMEDIES, Hurt, HurtKind

__all__ = ["REMEDIES", "Hurt", "HurtKind", "verify"]
