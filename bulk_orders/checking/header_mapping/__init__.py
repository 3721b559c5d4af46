"""What the columns of somebody's own file may be: proposed from headers and cells, and asked where it is not certain."""
