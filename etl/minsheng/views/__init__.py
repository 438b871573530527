"""What people look at: pages and the terminal."""
