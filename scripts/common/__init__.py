"""What several scripts, and the tests, share; nothing here is a program."""
