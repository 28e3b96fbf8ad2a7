"""What builds, checks and documents this repository; called by make."""
