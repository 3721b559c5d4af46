"""Tables in, problems and ready rows out."""
