"""The catalogue of problems: for each code what is wrong, how to fix it and why."""
