"""The API of the marketplace: the port, and the client that speaks HTTP."""
