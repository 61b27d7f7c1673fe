"""Cost surfaces: a cost over two of α, ρ and t, and the exponents that hold between neighbours."""
