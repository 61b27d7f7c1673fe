"""A network held to budgets and to a baseline: what exceeds, by how much, and which layers cost or grew most."""
