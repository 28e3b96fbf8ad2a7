"""What Livepane is measured against: floors, naive ways, and the nearest product."""
