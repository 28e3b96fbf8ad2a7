"""Real services as ordinary processes, on free loopback ports, each in a folder of its own: for tests, benchmarks, clusters."""
