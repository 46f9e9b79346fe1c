"""From a Matplotlib figure to an SVG that can stand in a page among others: same figure, same bytes."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.report.scheme import GREY, INK, PALE

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text, in the font that the page carries
    "svg.hashsalt": "gridtown",
    "svg.image_inline": True,
    "text.parse_math": False,  # a dollar sign in a title is a dollar sign
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.titlesize": 9.0,
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 0.5,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "ytick.left": False,  # the grid's lines say where
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "text.color": INK,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}
POINTS_A_PIXEL = 0.75


@dataclass(frozen=True)
class Picture:
    """A figure for the page.

    Attributes:
        key: unique among the page's figures; begins the ids within it.
        caption: what it shows, in words, with units.
        svg: the drawing, safe to be put into a page.
        width: in CSS pixels, beyond which it is not enlarged.
    """

    key: str
    caption: str
    svg: Markup
    width: int


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw in the report's style whatever the user's Matplotlib settings."""
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        # A sign that DejaVu Sans lacks is drawn by the reader's own fonts; only its width is guessed.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        with mpl.rc_context(STYLE):
            yield


def picture(key: str, caption: str, size: tuple[int, int], draw: Callable[[Figure], None], told: str = "") -> Picture:
    """Return a picture that ``draw`` draws on an empty figure of a size in CSS pixels.

    Args:
        key: unique among the page's figures.
        caption: above the figure.
        size: width and height.
        draw: fills the figure.
        told: what those are told who cannot see it; the caption when left out.
    """
    figure = Figure(figsize=(size[0] * POINTS_A_PIXEL / 72.0, size[1] * POINTS_A_PIXEL / 72.0), dpi=72)
    FigureCanvasSVG(figure)
    draw(figure)
    for axes in figure.axes:
        for line in (*axes.get_xgridlines(), *axes.get_ygridlines()):
            line.set_clip_on(False)
    figure.tight_layout(pad=0.4)
    target = io.StringIO()
    figure.savefig(target, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return Picture(key, caption, cleaned(target.getvalue(), key, told or caption), size[0])


def cleaned(text: str, key: str, told: str) -> Markup:
    """Return an SVG as a part of a page: no declarations, ids of its own, no more bytes than needed, a title."""
    body = text[text.index("<svg") :]
    body = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", body).replace("xlink:href=", "href=")
    used = dict.fromkeys(re.findall(r'(?:url\(#|href="#)([^)"]+)', body))
    names = {old: f"{key}-{number}" for number, old in enumerate(used)}
    body = re.sub(r'\sid="([^"]*)"', lambda found: f' id="{names[found[1]]}"' if found[1] in names else "", body)
    body = re.sub(r'(url\(#|href="#)([^)"]+)', lambda found: found[1] + names[found[2]], body)
    body = re.sub(r'\b(d|x|y|transform)="([^"]*)"', lambda found: f'{found[1]}="{short_numbers(found[2])}"', body)
    body = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", body)
    # The page's style sheet gives the font, which has the measures that the figure was laid out with.
    body = body.replace("font-family: 'DejaVu Sans'; ", "")
    body = re.sub(r'<path d="[^"]*" style="fill: none"/>', "", body)  # backgrounds that are not seen
    body = re.sub(r'style="([^"]*)"', lambda found: f'style="{re.sub(r"([:;]) ", r"\1", found[1])}"', body)
    body = without_bare_groups(re.sub(r"\n\s*", "\n", body))
    head, rest = body.split(">", 1)
    view = re.search(r'viewBox="([^"]*)"', head)
    box = view[1] if view else ""
    title = Markup('<title id="{key}-title">{told}</title>').format(key=key, told=told)
    opening = f'<svg viewBox="{box}" role="img" aria-labelledby="{key}-title">'
    return Markup(opening) + title + Markup(rest.strip())  # noqa: S704 - written by Matplotlib, which escapes text


def short_numbers(text: str) -> str:
    """Return the numbers in a text to two decimals of a point, which no screen can tell from more."""
    rounded = re.sub(r"-?\d+\.\d{3,}(?:e-?\d+)?", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), text)
    return re.sub(r"\s*([A-Za-z])\s+(?=[-\d])", r"\1", " ".join(rounded.split()))


def without_bare_groups(body: str) -> str:
    """Return an SVG without groups that say nothing, and without empty lines."""
    kept: list[str] = []
    is_bare: list[bool] = []
    for part in re.split(r"(<g(?:\s[^>]*)?>|</g>)", body):
        if part == "</g>":
            if not is_bare.pop():
                kept.append(part)
        elif part.startswith("<g"):
            is_bare.append(part == "<g>")
            if part != "<g>":
                kept.append(part)
        else:
            kept.append(part)
    return re.sub(r"\n+", "\n", "".join(kept))
