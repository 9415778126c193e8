"""A month of the service in minutes: a living province, a clock that jumps, and what goes wrong meanwhile."""
