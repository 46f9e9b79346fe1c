"""The page's own font: DejaVu Sans as Matplotlib brings it, cut down to the signs that a report uses."""

from __future__ import annotations

import base64
import io
import string
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from matplotlib import get_data_path

FACES = {"400": "DejaVuSans.ttf", "700": "DejaVuSans-Bold.ttf"}


def subset(file: Path, text: str) -> bytes:
    """Return a font as WOFF2 with no more than the signs of a text; signs that it lacks are left to the reader's."""
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "liga"]
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["FFTM"]  # the time of the font's making, for its editor only
    options.recalc_timestamp = False
    with load_font(str(file), options) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        target = io.BytesIO()
        save_font(font, target, options)
    return target.getvalue()


def font_faces(text: str) -> str:
    """Return the style sheet's font faces, each font within it, for the signs of a text.

    The printable ASCII signs are always there, so that almost all reports carry the same bytes.
    """
    signs = "".join(sorted(set(text) | set(string.printable.strip())))
    folder = Path(get_data_path()) / "fonts" / "ttf"
    return "\n".join(
        "@font-face{font-family:'Report Sans';font-style:normal;font-weight:"
        f"{weight};src:url(data:font/woff2;base64,{base64.b64encode(subset(folder / name, signs)).decode()})"
        " format('woff2')}"
        for weight, name in FACES.items()
    )
