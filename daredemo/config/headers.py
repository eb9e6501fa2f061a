"""What every page tells caches: nothing here is to be kept, unless a view says otherwise."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


def private_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add `no-store` to each answer that has no Cache-Control of its own.

    Static files are answered before this and keep their year. `Vary: Cookie` stands on every answer, so that
    a page one may not see and a page that is not there have the same headers.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Cookie"])
        return response

    return answer
