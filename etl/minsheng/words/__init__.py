"""What people read: figures, moments and codes in Chinese. Everything stands on this; it needs nothing of ours."""
