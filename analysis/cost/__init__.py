"""What a network costs: the closed form, the fvcore audit, counting conventions, memory and the layer table."""
