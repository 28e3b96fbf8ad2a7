"""The sub-commands of `livepane` that talk to a server, one file each."""
