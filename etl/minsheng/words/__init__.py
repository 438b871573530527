"""What people read: figures, moments and codes in Chinese."""
