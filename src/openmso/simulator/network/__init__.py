"""The demo network: who is in it, what they do all day, and how it is set up through the product's own services."""
