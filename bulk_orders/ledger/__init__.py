"""What survives a crash: the port in `interface`, and the ledgers that keep its contract."""
