"""Operations: logs, metrics, health. Knows none of the other rooms; they pass in what it shows."""
