"""The systems that job boards run on, one file each."""
