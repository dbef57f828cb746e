"""Writing SVG: elements with everything escaped, and words in both languages."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from trainer.language import Text

Attribute = str | float | int | None


def element(tag: str, *children: Markup | str | None, **attributes: Attribute) -> Markup:
    """One element.

    Parameters
    ----------
    tag : str
        Its name.
    *children : Markup or str or None
        Content; plain strings are escaped, None is left out.
    **attributes : str or float or None
        ``stroke_width`` becomes ``stroke-width``, ``class_`` becomes ``class``; None is left out.
    """
    written = "".join(
        f' {_name(name)}="{_value(value)}"' for name, value in attributes.items() if value is not None
    )
    inner = "".join(str(escape(child)) for child in children if child is not None)
    return Markup(f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>")


def group(children: Iterable[Markup | None], **attributes: Attribute) -> Markup:
    """A ``g`` element."""
    return element("g", *children, **attributes)


def words(x: float, y: float, text: Text | str, **attributes: Attribute) -> Markup:
    """A ``text`` element for each language; a plain string is written once."""
    if isinstance(text, str) or text.id == text.en:
        return element("text", text if isinstance(text, str) else text.en, x=x, y=y, **attributes)
    extra = str(attributes.pop("class_", "") or "")
    return Markup("").join(
        element("text", part, x=x, y=y, class_=f"l-{lang} {extra}".strip(), lang=lang, **attributes)
        for lang, part in (("id", text.id), ("en", text.en))
    )


def hint(text: Text) -> Markup:
    """A ``title`` that the language switch rewrites: the tooltip of its parent."""
    return element("title", text.id, data_id=text.id, data_en=text.en)


def chart(
    name: str,
    title: Text,
    description: Text,
    width: float,
    height: float,
    *content: Markup | None,
    x: float = 0,
    y: float = 0,
    class_: str = "chart",
) -> Markup:
    """A whole chart with its name and description for those who do not see it.

    Parameters
    ----------
    name : str
        Unique within the page; prefixes the ids.
    title, description : Text
        What it is, and what it shows in a sentence.
    width, height, x, y : float
        The view box.
    *content : Markup
        What is drawn.
    """
    return element(
        "svg",
        element("title", title.id, id=f"{name}-title", data_id=title.id, data_en=title.en),
        element("desc", description.id, id=f"{name}-desc", data_id=description.id, data_en=description.en),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{_value(x)} {_value(y)} {_value(width)} {_value(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_=class_,
    )


def path_of(points: Iterable[tuple[float, float]], closed: bool = False) -> str:
    """Path data through points, in whole numbers and steps from point to point (short)."""
    parts: list[str] = []
    last: tuple[int, int] | None = None
    for x, y in points:
        here = (round(x), round(y))
        if last is None:
            parts.append(f"M{here[0]} {here[1]}l" if not parts else f"l{here[0]} {here[1]}")
        elif here != last:
            dx, dy = here[0] - last[0], here[1] - last[1]
            glue = "" if parts[-1].endswith("l") or dx < 0 else " "
            parts.append(f"{glue}{dx}{'' if dy < 0 else ' '}{dy}")
        last = here
    if not parts:
        return ""
    data = "".join(parts)
    if data.endswith("l"):
        data += "0 0"
    return data + ("z" if closed else "")


def _name(name: str) -> str:
    if name in {
        "viewBox",
        "preserveAspectRatio",
        "patternUnits",
        "patternTransform",
        "gradientUnits",
        "gradientTransform",
        "clipPathUnits",
        "maskUnits",
    }:
        return name
    return name.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
    return str(escape(str(value)))
