"""gunicorn, started from Python."""

from __future__ import annotations

from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication

SECONDS_FOR_A_REQUEST = 60


def run(*, bind: str, workers: int, threads: int) -> None:
    """Serves until stopped.

    gunicorn writes no access log: addresses can hold tokens, and the room keeps a log of its own by route.
    What a proxy says of the client is read by the room alone (``REVIEW_TRUSTED_PROXIES``), so gunicorn
    trusts nobody's word beyond this machine's.
    The checks before the start asked the database; a connection that several processes inherit would mix
    what it answers to each, so that it is closed before there are several.
    """
    connections.close_all()
    options = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "timeout": SECONDS_FOR_A_REQUEST,
        "graceful_timeout": SECONDS_FOR_A_REQUEST,
        "keepalive": 5,
        "limit_request_line": 4094,
        "limit_request_fields": 60,
        "accesslog": None,
        "loglevel": "warning",
        "control_socket_disable": True,
        "preload_app": False,
        "proc_name": "opencdi-review",
    }
    _Room(options).run()


class _Room(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from opencdi.review.project.wsgi import application

        return application
