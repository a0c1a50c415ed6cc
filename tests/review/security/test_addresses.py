"""Whose address a request is believed to come from (ASVS 15.3.4)."""

from __future__ import annotations

from typing import Any

import pytest

from opencdi.review.shell.addresses import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "", "10.9.9.9"),
        (0, "1.2.3.4", "10.9.9.9"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (1, "", "10.9.9.9"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "10.9.9.9"),
    ],
)
def test_15_3_4_only_what_a_trusted_proxy_saw_is_believed(
    rf: Any, settings: Any, proxies: int, forwarded: str, believed: str
) -> None:
    settings.REVIEW_TRUSTED_PROXIES = proxies
    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.9.9.9")
    assert client_address(request) == believed


def test_15_3_4_what_is_no_address_is_not_believed(rf: Any, settings: Any) -> None:
    settings.REVIEW_TRUSTED_PROXIES = 1
    request = rf.get("/", HTTP_X_FORWARDED_FOR='1.2.3.4"}\n{', REMOTE_ADDR="10.9.9.9")
    assert client_address(request) == "10.9.9.9"
