"""What is kept in the database of a server: tokens, sessions, layouts, jobs and what they tell, settings."""
