"""What the benchmarks are made of: clocks, viewers, links, pictures, tables."""
