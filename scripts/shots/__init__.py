"""Takes the pictures of the documentation from the real thing: a demo with a desktop, a second machine and a script."""
