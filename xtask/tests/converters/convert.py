"""Turns the HTML in a folder into Markdown with each converter for Python, and with pandoc."""

import pathlib
import sys

import html2text
import markdownify

folder = pathlib.Path(sys.argv[1])


def plain_html2text(html):
    reader = html2text.HTML2Text()
    reader.body_width = 0
    return reader.handle(html)


converters = {
    "markdownify": lambda html: markdownify.markdownify(html, heading_style="ATX"),
    "markdownify-default": markdownify.markdownify,
    "html2text": plain_html2text,
    "html2text-default": html2text.html2text,
}
try:
    import pypandoc

    converters["pandoc-gfm"] = lambda html: pypandoc.convert_text(html, "gfm", format="html")
except ImportError:
    print("pandoc is not installed", file=sys.stderr)

for page in sorted((folder / "html").glob("*.html")):
    html = page.read_text(encoding="utf-8")
    for name, convert in converters.items():
        out = folder / name / (page.stem + ".md")
        out.parent.mkdir(exist_ok=True)
        out.write_text(convert(html), encoding="utf-8")
