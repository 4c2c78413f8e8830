"""Every page that a role comes to from its first one, on a desk and on a phone, light and dark, in both languages: what checks.py asks of it.

The pages are found by following links, one of each pattern, so that a new page is looked at without being named here.
"""
import re
import urllib.parse

import checks

FIRST = {
    "micro_leader": "/field", "grid_worker": "/field", "community_officer": "/desk", "community_secretary": "/desk",
    "department_clerk": "/desk", "subdistrict_center": "/command",
    "admin": "/admin", "security": "/admin", "auditor": "/admin/journal",
}
LOOKS = [
    dict(width=1440, language="zh-CN", scheme="light"), dict(width=1440, language="en-GB", scheme="dark"),
    dict(width=390, language="en-GB", scheme="light"), dict(width=320, language="zh-CN", scheme="dark"),
]
MOST = 14
ELSEWHERE = ("/photos", "/api", "/open311", "/g/", "/r/", "/report", "/find", "/health", "/tiles")


def walk(site):
    wrong = {}
    for role, first in FIRST.items():
        pages = found(site, role, first)
        for look in LOOKS:
            phone = look["width"] < 600
            at = site.signed_in(role, phone=phone, language=look["language"], color_scheme=look["scheme"])
            at.set_viewport_size({"width": look["width"], "height": 844 if phone else 900})
            for address in pages:
                at.goto(address)
                kind = checks.FIELD if urllib.parse.urlsplit(at.url).path.startswith("/field") else checks.DESK
                for one in checks.findings(site, at, kind, weigh=look is LOOKS[0] and "/map" not in address):
                    wrong.setdefault(one, f"{role} {address} {look['width']} px {look['language']} {look['scheme']}")
                if look in (LOOKS[0], LOOKS[2]):
                    site.shot(at, f"{role}{pattern(address).replace('/', '-')}-{look['width']}")
            at.context.close()
        print(f"  {role}: {len(pages)} pages, {len(LOOKS)} looks each", flush=True)
    assert not wrong, "\n".join(f"{one} ({where})" for one, where in wrong.items())
    checks.table(site)
    checks.quick(site)


def pattern(address):
    """The address without ids and questions, so that one matter stands for all."""
    path = urllib.parse.urlsplit(address).path
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", path)


def found(site, role, first):
    """Addresses that a role comes to by links, one of each pattern."""
    at = site.signed_in(role, phone=False)
    todo, seen, pages = [first], set(), []
    while todo and len(pages) < MOST:
        address = todo.pop(0)
        if pattern(address) in seen:
            continue
        seen.add(pattern(address))
        answer = at.request.get(address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.ok, f"{role} is led to {address}, which answers {answer.status}"
        pages.append(address)
        at.goto(address)
        for href in at.evaluate("[...document.querySelectorAll('a[href]:not([download])')].map((link) => link.getAttribute('href'))"):
            if href.startswith("/") and not href.startswith(ELSEWHERE) and not re.search(r"[?&](lang|type)=|sign-out", href):
                todo.append(href)
    at.context.close()
    return pages
