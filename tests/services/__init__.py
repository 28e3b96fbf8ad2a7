"""Real Redis, Postgres and Kafka for the tests: each started once a run by the first test that asks, shared by all workers."""
