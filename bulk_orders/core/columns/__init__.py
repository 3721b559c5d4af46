"""THE table of columns: everything else that knows columns is made from it."""
