"""Results and problems in a copy of the user's own file."""
