"""One page of HTML to PDF: paper.py PAGE.html OUT.pdf ASSETS.

Style sheets come from the folder ASSETS only; nothing is fetched from anywhere, whatever the page says.
"""
import os
import sys

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

page, out, assets = sys.argv[1:]
# A name that leads nowhere, so that addresses within the page can be put together.
base = "http://paper.invalid/"


class OwnAssets(URLFetcher):
    """`/assets/VERSION/css/base.css` is css/base.css of the folder."""

    def fetch(self, url, headers=None):
        root = os.path.realpath(assets)
        parts = url.removeprefix(base + "assets/").split("/", 1)
        path = os.path.realpath(os.path.join(root, parts[-1]))
        if not url.startswith(base + "assets/") or os.path.commonpath([root, path]) != root:
            raise ValueError(f"not an asset: {url[:200]}")
        with open(path, "rb") as file:
            return URLFetcherResponse(url, file.read(), {"Content-Type": "text/css" if path.endswith(".css") else "image/svg+xml"})


document = HTML(filename=page, base_url=base, url_fetcher=OwnAssets()).render()
# 1.4 is what every print shop reads.
document.write_pdf(out, pdf_version="1.4")
