"""What AWS charges: the price book with its layers, and the only multiplication of a quantity by a price."""
