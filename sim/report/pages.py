"""Pages: one HTML file each, whole or not at all, with nothing in it that a browser would have to fetch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.engine.files import replacing
from sim.outcomes import store_error
from sim.report.drawing import drawing_style
from sim.report.fonts import font_faces
from sim.report.wording import Words, tidy

TEMPLATES = Path(__file__).parent / "templates"
# The figures' signs as the page's legends draw them.
SIGN_SHAPES = {
    "o": '<circle cx="17" cy="7" r="4" fill="COLOUR"/>',
    "s": '<rect x="13" y="3" width="8" height="8" fill="COLOUR"/>',
    "^": '<path d="M17 2L22 11H12Z" fill="COLOUR"/>',
    "v": '<path d="M17 12L22 3H12Z" fill="COLOUR"/>',
    "D": '<path d="M17 2L22 7L17 12L12 7Z" fill="COLOUR"/>',
    "P": '<path d="M15 2h4v3h3v4h-3v3h-4v-3h-3v-4h3Z" fill="COLOUR"/>',
    "X": '<path d="M14 2L17 5L20 2L22 4L19 7L22 10L20 12L17 9L14 12L12 10L15 7L12 4Z" fill="COLOUR"/>',
    "h": '<path d="M17 2L21.5 4.5V9.5L17 12L12.5 9.5V4.5Z" fill="COLOUR"/>',
}


def environment(words: Words) -> Environment:
    """Return the templates' environment: everything is escaped unless it is marked as safe."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["w"] = words
    made.globals["plural"] = words.plural
    made.globals["signs"] = SIGN_SHAPES
    made.filters["tidy"] = tidy
    return made


def rendered(template: str, content: Callable[[], dict[str, Any]], words: Words) -> str:
    """Return a page; the same content gives the same text.

    Args:
        template: file name.
        content: makes what the template needs, its pictures in the house's style.
        words: of the page.
    """
    page = environment(words).get_template(template)
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    with drawing_style():
        shown = content()

    def with_fonts(fonts: str) -> str:
        return page.render(style=Markup(fonts + style), **shown)  # noqa: S704 - made here and the package's own file

    # The fonts are cut down to the signs of the page, so it is made without them first.
    return with_fonts(font_faces(with_fonts("")))


def put(target: Path, page: str) -> Path:
    """Write a page, whole or not at all, and return where it is; missing folders are made.

    Raises:
        StoreError: the file system refuses; what was there before is still there.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file:
            file.write(page.encode("utf-8", errors="replace"))
    except OSError as problem:
        raise store_error("write", target, problem) from problem
    return target
