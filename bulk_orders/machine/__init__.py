"""What the machine gives and takes: time, private files, limited child processes, and how the reader's shell wants a command."""
