"""A protocol for a back of another size: its places are anatomical, so they grow with the back."""

from dataclasses import replace

from trainer.protocol.model import Check, CoverageCheck, PassesCheck, Protocol, Range, Region


def sized(protocol: Protocol, back_size_ratio: float) -> Protocol:
    """Return the protocol with its places on a back of this size.

    A protocol's places (regions, levels) are drawn on the atlas's back: 16.8 cm below C7 means T6, wherever T6 is.
    What hands do (radius, speed) stays in real centimetres.

    Parameters
    ----------
    protocol : Protocol
        As loaded.
    back_size_ratio : float
        Real cm per cm of the atlas, as `trainer.back.size.BackSize.ratio`; 1 unless a distance was measured.
    """
    if back_size_ratio == 1.0:
        return protocol
    return replace(
        protocol,
        regions=tuple(_region(region, back_size_ratio) for region in protocol.regions),
        steps=tuple(replace(step, check=_check(step.check, back_size_ratio)) for step in protocol.steps),
    )


def _region(region: Region, ratio: float) -> Region:
    return replace(region, polygon=tuple((ratio * x, ratio * y) for x, y in region.polygon))


def _check(check: Check | None, ratio: float) -> Check | None:
    match check:
        case PassesCheck():
            return replace(
                check,
                start_caudal_cm=_range(check.start_caudal_cm, ratio),
                end_caudal_cm=_range(check.end_caudal_cm, ratio),
            )
        case CoverageCheck():
            return replace(
                check, from_caudal_cm=ratio * check.from_caudal_cm, to_caudal_cm=ratio * check.to_caudal_cm
            )
        case _:
            return check


def _range(span: Range, ratio: float) -> Range:
    return Range(
        None if span.minimum is None else ratio * span.minimum,
        None if span.maximum is None else ratio * span.maximum,
    )
