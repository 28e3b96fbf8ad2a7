"""What the words of a posting mean: place, level, department, kind of employment."""
