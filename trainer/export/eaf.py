"""ELAN's annotation document, format 3.0.

Specification: "ELAN Annotation Format", H. Sloetjes, Max Planck Institute for Psycholinguistics, and its
schema EAFv3.0.xsd. Strokes stand on independent tiers, revolutions on tiers included in them, a stroke's
figures on a tier associated with it; the stroke catalogue is a controlled vocabulary in two languages.
"""

from collections.abc import Sequence
from mimetypes import guess_type
from pathlib import Path
from xml.etree import ElementTree as ET

from trainer.export.messages import WORDS
from trainer.export.source import ExportSource, json_text, provenance, write_file
from trainer.export.tiers import Mark, Tier, describe, session_tiers
from trainer.language import Language
from trainer.session.columns import EVENTS_SIDECAR

SCHEMA_URL = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPES = {
    "strokes": {"LINGUISTIC_TYPE_ID": "strokes", "CONTROLLED_VOCABULARY_REF": "stroke_catalogue"},
    "revolutions": {"LINGUISTIC_TYPE_ID": "revolutions", "CONSTRAINTS": "Included_In"},
    "checklist": {"LINGUISTIC_TYPE_ID": "checklist"},
    "figures": {"LINGUISTIC_TYPE_ID": "figures", "CONSTRAINTS": "Symbolic_Association"},
}
_STEREOTYPES = {
    "Time_Subdivision": "The parent's interval divided without gaps",
    "Symbolic_Subdivision": "Parts of the parent in order, without times",
    "Symbolic_Association": "One annotation for each of the parent's",
    "Included_In": "Intervals within the parent's, with gaps",
}
_LANGUAGES: dict[str, tuple[Language, str]] = {"ind": ("id", "Indonesian"), "eng": ("en", "English")}
_FIGURES = (
    "side",
    "region",
    "cycles",
    "rate_hz",
    "radius_cm",
    "direction",
    "length_cm",
    "speed_cm_s",
    "confidence",
    "observed",
)


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write ``NAME.eaf`` for each session; return their paths."""
    return [write_file(out / f"{source.name}.eaf", document(source)) for source in sources]


def document(source: ExportSource) -> bytes:
    """Return the session as an ELAN document, with the video linked."""
    root = ET.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "pijat",
            "DATE": source.session.meta.created,
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": _XSI,
            "xsi:noNamespaceSchemaLocation": SCHEMA_URL,
        },
    )
    header = ET.SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    order = ET.SubElement(root, "TIME_ORDER")
    writer = _TierWriter(root)
    for tier in session_tiers(source):
        writer.add(tier)
    writer.write_slots(order)
    _add_media(header, source)
    for name, value in provenance(source).items():
        ET.SubElement(header, "PROPERTY", {"NAME": f"pijat:{name}"}).text = json_text(value, None).strip()
    ET.SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"}).text = str(writer.annotations)
    for kind, attributes in _TYPES.items():
        alignable = "false" if kind == "figures" else "true"
        ET.SubElement(
            root,
            "LINGUISTIC_TYPE",
            {"GRAPHIC_REFERENCES": "false", "TIME_ALIGNABLE": alignable, **attributes},
        )
    for code, (_, label) in _LANGUAGES.items():
        ET.SubElement(
            root,
            "LANGUAGE",
            {
                "LANG_DEF": f"https://iso639-3.sil.org/code/{code}",
                "LANG_ID": code,
                "LANG_LABEL": label,
            },
        )
    for stereotype, meaning in _STEREOTYPES.items():
        ET.SubElement(root, "CONSTRAINT", {"DESCRIPTION": meaning, "STEREOTYPE": stereotype})
    _add_catalogue(root)
    ET.indent(root, space="    ")
    text: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


class _TierWriter:
    """Adds tiers, giving out the ids of annotations and time slots."""

    def __init__(self, root: ET.Element) -> None:
        self._root = root
        self._slots: list[tuple[int, ET.Element, str]] = []
        self.annotations = 0

    def add(self, tier: Tier) -> None:
        """Add a tier; strokes bring along a tier with their figures."""
        attributes = {"ANNOTATOR": tier.annotator, "LINGUISTIC_TYPE_REF": tier.kind, "TIER_ID": tier.name}
        if tier.parent:
            attributes["PARENT_REF"] = tier.parent
        element = ET.SubElement(self._root, "TIER", attributes)
        ids = [self._alignable(element, mark, tier) for mark in tier.marks]
        if tier.kind != "strokes":
            return
        name = tier.name.replace("strokes", "figures", 1)
        attributes |= {"LINGUISTIC_TYPE_REF": "figures", "PARENT_REF": tier.name, "TIER_ID": name}
        figures = ET.SubElement(self._root, "TIER", attributes)
        for reference, mark in zip(ids, tier.marks, strict=True):
            text = describe(mark.details, _FIGURES)
            if text:
                self.annotations += 1
                holder = ET.SubElement(ET.SubElement(figures, "ANNOTATION"), "REF_ANNOTATION")
                holder.attrib.update({"ANNOTATION_ID": f"a{self.annotations}", "ANNOTATION_REF": reference})
                ET.SubElement(holder, "ANNOTATION_VALUE").text = text

    def write_slots(self, order: ET.Element) -> None:
        """Write the time slots in order; each boundary has its own, so that each can be dragged alone."""
        for number, (ms, holder, attribute) in enumerate(sorted(self._slots, key=lambda s: s[0]), start=1):
            ET.SubElement(order, "TIME_SLOT", {"TIME_SLOT_ID": f"ts{number}", "TIME_VALUE": str(ms)})
            holder.set(attribute, f"ts{number}")

    def _alignable(self, element: ET.Element, mark: Mark, tier: Tier) -> str:
        self.annotations += 1
        identifier = f"a{self.annotations}"
        holder = ET.SubElement(ET.SubElement(element, "ANNOTATION"), "ALIGNABLE_ANNOTATION")
        holder.set("ANNOTATION_ID", identifier)
        self._slots += [(mark.start_ms, holder, "TIME_SLOT_REF1"), (mark.end_ms, holder, "TIME_SLOT_REF2")]
        if tier.kind == "strokes" and mark.text in EVENTS_SIDECAR["trial_type"]["Levels"]:
            holder.set("CVE_REF", f"cve_{mark.text}")
        ET.SubElement(holder, "ANNOTATION_VALUE").text = mark.text
        return identifier


def _add_media(header: ET.Element, source: ExportSource) -> None:
    # ELAN looks beside the document when the absolute place does not hold.
    url = source.media.resolve().as_uri() if source.media else f"./{source.media_name}"
    ET.SubElement(
        header,
        "MEDIA_DESCRIPTOR",
        {
            "MEDIA_URL": url,
            "MIME_TYPE": guess_type(source.media_name)[0] or "video/mp4",
            "RELATIVE_MEDIA_URL": f"./{source.media.name if source.media else source.media_name}",
        },
    )


def _add_catalogue(root: ET.Element) -> None:
    vocabulary = ET.SubElement(root, "CONTROLLED_VOCABULARY", {"CV_ID": "stroke_catalogue"})
    for code in _LANGUAGES:
        ET.SubElement(vocabulary, "DESCRIPTION", {"LANG_REF": code}).text = "pijat stroke catalogue"
    for stroke in EVENTS_SIDECAR["trial_type"]["Levels"]:
        entry = ET.SubElement(vocabulary, "CV_ENTRY_ML", {"CVE_ID": f"cve_{stroke}"})
        for code, (language, _) in _LANGUAGES.items():
            # The value is the catalogue's own word in either language: switching never alters the data.
            value = ET.SubElement(
                entry, "CVE_VALUE", {"DESCRIPTION": WORDS[language][stroke], "LANG_REF": code}
            )
            value.text = stroke
