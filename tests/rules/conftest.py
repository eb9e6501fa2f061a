"""Properties are about the law, not about the speed of the machine."""

from hypothesis import settings

settings.register_profile("law", deadline=None)
settings.load_profile("law")
