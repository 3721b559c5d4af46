"""What each command does, with its collaborators passed in: build, call the library, print, return an exit code."""
