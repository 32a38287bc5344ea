"""Operating: logs, metrics, health. Knows none of the other rooms; they hand it what it shows."""
