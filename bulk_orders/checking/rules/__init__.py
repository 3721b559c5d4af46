"""What can be wrong with rows, alone and between each other."""
