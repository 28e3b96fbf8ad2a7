"""Settings of every unit test."""

from hypothesis import settings

settings.register_profile("livepane", deadline=None)  # the machine may be busy: no test is about time
settings.load_profile("livepane")
