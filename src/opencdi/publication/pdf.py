"""A force's page as a tagged PDF (PDF/UA-1), by WeasyPrint, which the extra ``pdf`` brings.

The page is the record and the PDF a convenience: it is made from the page's own HTML and print style.
"""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from opencdi.errors import UserError

HALO = "stroke:#fff;stroke-width:3px;paint-order:stroke;stroke-linejoin:round"
"""The white edge of texts, which WeasyPrint would paint over the letters."""


def write_pdf(page: Path, path: Path) -> None:
    """Write ``page`` as a PDF; the same page gives the same bytes.

    Raises ``UserError`` where WeasyPrint or the libraries it needs are not installed.
    """
    text = with_styled_drawings(page.read_text(encoding="utf-8"))
    html = _weasyprint().HTML(string=text, base_url=page.as_uri(), url_fetcher=_no_request)
    identifier = hashlib.sha256(page.read_bytes()).digest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    html.write_pdf(str(path), pdf_variant="pdf/ua-1", pdf_identifier=identifier)


def with_styled_drawings(text: str) -> str:
    """The page with the charts' style inside every drawing, where WeasyPrint looks for it."""
    sheet = files("opencdi.publication").joinpath("charts", "chart.css").read_text(encoding="utf-8")
    rules = [rule for rule in sheet.splitlines() if not rule.startswith((".chart svg", ".chart .narrow"))]
    inside = "".join(rules).replace(HALO, "").replace(".chart ", "")
    return re.sub(r"(<svg [^>]*>)", lambda found: f"{found[1]}<style>{inside}</style>", text)


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise UserError(
            f"A PDF needs WeasyPrint and Pango, and one of them is missing ({type(error).__name__}). Install "
            "opencdi[pdf] and the system's Pango, or leave --pdf out."
        ) from None
    return weasyprint


def _no_request(address: str, *_: Any, **__: Any) -> dict[str, Any]:
    """Pages hold everything themselves; nothing is fetched."""
    if not address.startswith("data:"):
        raise ValueError("A page asked for an outside file.")
    return {"string": b"", "mime_type": "text/plain"}
