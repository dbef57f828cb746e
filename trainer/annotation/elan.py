"""Reads ELAN documents, those of strangers too."""

from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from trainer.annotation.model import Annotation
from trainer.errors import PijatError, reason
from trainer.language import Text

MAX_BYTES = 64 * 1024 * 1024
"""Largest document that is read; a whole day of annotation is far smaller."""


def read_elan(path: Path) -> list[Annotation]:
    """Read every time-aligned annotation of an ELAN document.

    Tiers whose annotations have no times of their own (symbolic ones) are left out: their parents carry the
    times.

    Parameters
    ----------
    path : Path
        An ``.eaf`` file of any version.

    Returns
    -------
    list of Annotation
        In order of tier and document; the track is the tier's name.

    Raises
    ------
    PijatError
        When it is no ELAN document, or one that declares entities, which ELAN never does.
    """
    root = ET.fromstring(safe_xml(path))
    if root.tag != "ANNOTATION_DOCUMENT":
        raise PijatError(
            Text(
                f"{path.name} bukan dokumen ELAN: pilih berkas lain.",
                f"Expected an ELAN document in {path.name}, got XML of the kind {root.tag!r}.",
            )
        )
    header = root.find("HEADER")
    units = header.get("TIME_UNITS", "milliseconds") if header is not None else "milliseconds"
    if units != "milliseconds":
        raise PijatError(
            Text(
                f"Waktu dalam {path.name} harus dalam milidetik, bukan {units}.",
                f"Expected times in milliseconds in {path.name}, got {units}.",
            )
        )
    slots = {
        slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iterfind("TIME_ORDER/TIME_SLOT")
    }
    found = []
    for tier in root.iterfind("TIER"):
        for mark in tier.iterfind("ANNOTATION/ALIGNABLE_ANNOTATION"):
            bounds = [slots.get(mark.get(name)) for name in ("TIME_SLOT_REF1", "TIME_SLOT_REF2")]
            label = (mark.findtext("ANNOTATION_VALUE") or "").strip()
            try:
                start, end = (int(str(bound)) / 1000 for bound in bounds)
            except ValueError:
                raise PijatError(
                    Text(
                        f"Anotasi {label!r} pada tier {tier.get('TIER_ID')!r} dalam {path.name} tidak punya waktu di "
                        "kedua ujungnya: pasangkan dahulu dengan waktu di ELAN.",
                        f"Expected a time at both ends of each annotation in {path.name}, got none for {label!r} "
                        f"on the tier {tier.get('TIER_ID')!r}: align it in ELAN first.",
                    )
                ) from None
            found.append(Annotation(start, end, label, str(tier.get("TIER_ID"))))
    return found


def safe_xml(path: Path) -> bytes:
    """Return a file's bytes once they are known to be well-formed XML without a document type.

    Entities, internal ones that swell and external ones that fetch, can only be declared in a document type;
    without one there are none.

    Raises
    ------
    PijatError
        When the file is too large, declares a document type or is not well-formed.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise PijatError(
            Text(
                f"{path} tidak dapat dibaca ({reason(error).id}): periksa letak dan izinnya.",
                f"Expected to read {path}, but could not ({error}).",
            )
        ) from error
    if size > MAX_BYTES:
        raise PijatError(
            Text(
                f"{path.name} terlalu besar: anotasi paling banyak {MAX_BYTES // 2**20} MB.",
                f"Expected at most {MAX_BYTES // 2**20} MB of annotation, got {path.name} with more.",
            )
        )

    def refuse(*_: object) -> None:
        raise PijatError(
            Text(
                f"{path.name} memuat jenis dokumen sendiri: ELAN tidak menulis seperti itu dan bisa berbahaya, "
                "jadi tidak dibaca.",
                f"Expected ELAN XML in {path.name}, got XML with a document type of its own: this is not "
                "what ELAN writes and may hide harm, so it is not read.",
            )
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise PijatError(
            Text(
                f"{path.name} bukan XML: simpan lagi dari ELAN.",
                f"Expected XML in {path.name}, got something else ({error}).",
            )
        ) from error
    return data
