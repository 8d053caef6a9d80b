"""What static/js/drafts.js does, for tests without a browser."""

import json
import re

from django.urls import reverse


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def keep(browser, page: str, fields: dict, **more):
    """Post `fields` as the draft of the first form of `page` (its HTML)."""
    body = {"draft": hidden(page, "draft"), "base": 0, "title": "Judul", "about": "", "url": hidden(page, "draft_page")}
    body["fields"] = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    return browser.post(reverse("keep_draft"), json.dumps(body | more), content_type="application/json")
