"""Painting over what nobody may see, before a picture of a page leaves the machine."""
