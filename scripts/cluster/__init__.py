"""Many machines on this one: a broker, Redis, Postgres, two gateways, two workers, an agent and nginx, as ordinary processes."""
