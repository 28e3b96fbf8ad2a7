"""The parts of setting up and testing; standard library only, because nothing is installed yet."""
