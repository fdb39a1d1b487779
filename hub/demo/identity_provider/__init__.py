"""The demonstration's stand-in identity provider: a program of its own that the hub knows by its address only."""
