"""Pictures that were collected from sessions, when their person withdraws or is deleted."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from trainer.collection.collecting import remove_everywhere, withdraw
from trainer.errors import PijatError
from trainer.language import Text
from trainer.session.consent import read_consent

_LEFT = Text(
    "Gambar dari sesi ini di {dataset} belum terhapus: {why}",
    "Pictures of their session in {dataset} are left: {why}",
)


def delete_collected(folders: Iterable[Path]) -> list[Text]:
    """Delete what was collected from session folders; return what is left, in sentences."""
    left: list[Text] = []
    for folder in folders:
        try:
            consent = read_consent(folder)
            if consent is not None:
                _, not_done = remove_everywhere(consent)
                left += [_LEFT.fill(dataset=path, why=why) for path, why in not_done]
        except PijatError as error:
            left.append(error.text)
    return left


def withdraw_all(folders: Iterable[Path], taken_by: str) -> list[Text]:
    """Take back every consent that was given in session folders, today; return what is left, in sentences."""
    left: list[Text] = []
    for folder in folders:
        try:
            consent = read_consent(folder)
            if consent is not None and consent.newest.given:
                done = withdraw(folder, taken_by=taken_by, date=dt.date.today())
                left += [_LEFT.fill(dataset=path, why=why) for path, why in done.left]
        except PijatError as error:
            left.append(error.text)
    return left
