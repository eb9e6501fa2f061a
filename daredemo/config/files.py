"""Addresses of style sheets and scripts."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # which tells no types
    """Each address is put together once: what was collected stays as it is while a process runs."""

    @lru_cache(maxsize=1024)  # noqa: B019  one storage for the life of the process
    def url(self, name: str | None, force: bool = False) -> str:
        address: str = super().url(name, force)
        return address
