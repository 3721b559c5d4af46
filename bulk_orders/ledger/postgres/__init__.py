"""The ledger's place on a PostgreSQL server, for several machines and people; needs the extra `fleet`."""
