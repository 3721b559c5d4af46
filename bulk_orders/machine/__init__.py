"""What differs from machine to machine: who may read a file, and how the reader's shell wants a command written."""
