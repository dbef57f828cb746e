"""Following the back from frame to frame, outside the hands, without drift.

Every frame is aligned with a keyframe, not with the frame before it, so that errors do not add up. Another
keyframe is made when the picture has changed too much for the first one, and the first is tried again every
second or so.
"""

from collections.abc import Mapping
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import IDENTITY, Alignment, Gray, Keyframe, hands_mask, reduce_picture
from trainer.back.followed import FollowedMap, FollowSettings
from trainer.back.lookup import facing
from trainer.back.registration import Registration
from trainer.back.searching import template_guesses
from trainer.capture.frame import Frame
from trainer.perception.observation import HandPair

Array = NDArray[np.float64]
FollowStatus = Literal["followed", "held", "lost"]

_WIDTH = 160
NO_HANDS = HandPair(None, None)
# Between the reduced picture and half of it; the middle of a pixel lies at whole coordinates.
_HALVE: Array = np.array([[0.5, 0.0, -0.25], [0.0, 0.5, -0.25], [0.0, 0.0, 1.0]])
_DOUBLE: Array = np.array([[2.0, 0.0, 0.5], [0.0, 2.0, 0.5], [0.0, 0.0, 1.0]])


class BackFollower:
    """Follows the back through a video from one registered frame.

    Parameters
    ----------
    registration : Registration
        Of `frame`.
    frame : Frame
        The registered frame; it may lie anywhere in the video.
    hands : HandPair
        Hands in that frame, if known: they are left out.
    settings : FollowSettings
        How.

    Attributes
    ----------
    status : {"followed", "held", "lost"}
        After the last `update`: seen; nothing to see for a moment; lost.
    support : float
        Share of the back's gradients found again at the last look.

    Raises
    ------
    ValueError
        When the frame is not of the registration's size.
    """

    def __init__(
        self,
        registration: Registration,
        frame: Frame,
        hands: HandPair = NO_HANDS,
        settings: FollowSettings | None = None,
    ) -> None:
        height, width = frame.image.shape[:2]
        if (width, height) != tuple(registration.image_size):
            raise ValueError(f"Expected a frame of {registration.image_size}, got {(width, height)}.")
        self.registration = registration
        self.settings = settings or FollowSettings()
        self._factor = min(1.0, _WIDTH / max(width, height))
        self._size = (round(width * self._factor), round(height * self._factor))
        # Area averaging puts the middle of a reduced pixel in the middle of the pixels it stands for.
        self._reduction = np.diag([self._factor, self._factor, 1.0])
        self._reduction[:2, 2] = 0.5 * (self._factor - 1.0)
        self._outline = self._back_outline()
        picture = reduce_picture(frame.image, self._size)
        covered = hands_mask(hands, (picture.shape[0], picture.shape[1]), self._factor)
        self._known = np.zeros(picture.shape, np.uint8)
        self._region = np.zeros(picture.shape, np.uint8)
        cv2.fillConvexPoly(self._region, np.rint(self._outline).astype(np.int32), 1)
        self._known[self._region > 0] = 1
        if covered is not None:
            self._known[covered > 0] = 0
        self._still_life = picture
        self._detail = _detail(picture)
        self._back, self._coarse_back = self._back_keyframes()
        self._learned_s = -np.inf
        self._scene = self._scene_keyframe(picture, hands)
        self._scene_base = IDENTITY.copy()
        self._scene_now = IDENTITY.copy()
        self._scene_support = 1.0
        self._matrix = IDENTITY.copy()  # calibrated frame to now, reduced pixels
        self._variance = np.zeros(4)
        self._home = IDENTITY.copy()  # where the back has been of late, carried along by the scene
        self._seen_s: float | None = None
        self._looked_s = -np.inf
        self._sought_s = -np.inf
        self._searched_s = -np.inf
        self._doubt_s: float | None = None
        self._still = 0
        self._detector_offset: dict[str, Array] = {}
        self.support = 1.0
        self.status: FollowStatus = "followed"

    def update(self, frame: Frame, hands: HandPair = NO_HANDS) -> FollowedMap | None:
        """Return the map of this frame, or None when the back is lost.

        Parameters
        ----------
        frame : Frame
            The next frame, of the size of the registered one.
        hands : HandPair
            The practitioner's hands in it.
        """
        now = frame.time_s
        first = self._seen_s is None
        if self._seen_s is None:
            self._seen_s, self._looked_s = now, now
        if self.status == "followed" and self._still >= 3 and now - self._looked_s < self.settings.rest_s:
            return self._map()
        picture = reduce_picture(frame.image, self._size)
        covered = hands_mask(hands, (picture.shape[0], picture.shape[1]), self._factor)
        elapsed = float(np.clip(now - self._looked_s, 0.0, 1.0))
        self._looked_s = now
        before = self._matrix
        if _detail(picture) < self.settings.detail * self._detail:
            # Nothing can be told from it, and what seems to fit would be believed.
            return self._unseen(now, elapsed)
        self._carry(picture, covered, hands)
        if self.status != "lost":
            found = self._align(picture, covered, self._matrix, coarse=False)
            stay = 0.0 if found is None else found.support_before
            found = self._better_at_home(found, picture, covered)
            # A bump, or a shift of the back, may have gone beyond the fine fit's reach.
            if (found is None or found.support < 0.6) and now - self._searched_s > self.settings.search_s:
                self._searched_s = now
                again = self._align(picture, covered, self._matrix, coarse=True)
                if again is not None and (found is None or again.support > 1.15 * found.support):
                    found = again
            if found is not None and self._holds(found):
                if first:
                    self._take(found)
                else:
                    self._weigh(found, stay, elapsed, now, picture, covered)
                self._seen_s = now
                self.status = "followed"
            elif (kept := self._unseen(now, elapsed)) is not None:
                return kept
        if self.status == "lost":
            found = self._seek(picture, covered, now)
            if found is None:
                return None
            self._take(found)
            self._seen_s = now
            self.status = "followed"
        moved = float(np.abs(self._corners(self._matrix) - self._corners(before)).max())
        self._still = self._still + 1 if moved < self.settings.rest_px else 0
        return self._map()

    def _unseen(self, now: float, elapsed: float) -> FollowedMap | None:
        """Hold on for a moment without support; then the back is lost."""
        assert self._seen_s is not None
        if self.status == "lost" or now - self._seen_s > self.settings.lost_after_s:
            self.status = "lost"
            return None
        self._variance = self._variance + np.square(self.settings.wander_px) * elapsed
        self.status = "held"
        return self._map()

    def correct(self, landmarks_px: Mapping[str, Array], sigma_px: Mapping[str, float] | float) -> bool:
        """Take a re-detection of the landmarks in the frame of the last `update`.

        While the back is followed, the first such detection only tells how this detector differs from the
        calibration; later ones take out what another keyframe may have drifted, gently. When the back is
        lost, a detection says where to look again.

        Parameters
        ----------
        landmarks_px : mapping of str to ndarray, shape (2,)
            Pixels of the last frame.
        sigma_px : float or mapping of str to float
            Standard deviations in pixels.

        Returns
        -------
        bool
            Whether the detection agreed or was used.
        """
        home = self.registration.landmarks_px
        names = [name for name in landmarks_px if name in home]
        if len(names) < 4:
            return False
        reference = self._small(np.array([home[name] for name in names]))
        seen = self._small(np.array([np.asarray(landmarks_px[name], dtype=float) for name in names]))
        expected = reference @ self._matrix[:2, :2].T + self._matrix[:2, 2]
        if self.status != "lost" and not self._detector_offset:
            self._detector_offset = dict(zip(names, seen - expected, strict=True))
            return True
        seen = seen - np.array([self._detector_offset.get(name, np.zeros(2)) for name in names])
        spread = np.array(
            [sigma_px[name] if isinstance(sigma_px, Mapping) else float(sigma_px) for name in names]
        )
        similarity, inliers = cv2.estimateAffinePartial2D(
            reference, seen, ransacReprojThreshold=max(2.0, 3.0 * self._factor * float(np.median(spread)))
        )
        if similarity is None or int(inliers.sum()) < 4:
            return False
        matrix = np.vstack([similarity, [0.0, 0.0, 1.0]])
        if not 0.5 < np.sqrt(abs(np.linalg.det(matrix))) < 2.0:
            return False
        if self.status == "lost":
            self._matrix = matrix
            self._sought_s = -np.inf
            return True
        sigma = self._factor * float(np.median(spread)) / np.sqrt(int(inliers.sum()) / 2)
        gap = float(np.abs(self._corners(matrix) - self._corners(self._matrix)).max())
        if gap > 4.0 * np.hypot(sigma, self._sigma_px()) + 2.0:
            return False
        variance = np.maximum(self._variance[:2].mean(), self.settings.floor_px**2)
        gain = float(variance / (variance + sigma**2))
        offset, wanted = self._back.offset(self._matrix), self._back.offset(matrix)
        self._matrix = self._back.motion(offset + 0.2 * gain * (wanted - offset))
        return True

    def _small(self, points_px: Array) -> Array:
        result: Array = points_px * self._factor + self._reduction[0, 2]
        return result

    def _sigma_px(self) -> float:
        return float(np.sqrt(self._variance.sum() / 2.0))

    def _map(self) -> FollowedMap:
        full = np.linalg.inv(self._reduction) @ self._matrix @ self._reduction
        return FollowedMap(self.registration, full, self._sigma_px() / self._factor)

    def _back_outline(self) -> Array:
        """Convex outline of the visible back in reduced pixels, widened by the margin, shape (n, 2)."""
        pixels = self.registration.forward.values[..., :2]
        visible = facing(self.registration.forward) > 0
        size = np.asarray(self.registration.image_size)
        visible &= (pixels > -0.3 * size).all(axis=2) & (pixels < 1.3 * size).all(axis=2)
        points = self._small(np.asarray(pixels[visible]))
        hull = cv2.convexHull(np.ascontiguousarray(points, dtype=np.float32))[:, 0].astype(float)
        centre = hull.mean(axis=0)
        result: Array = centre + (hull - centre) * (1.0 + 2.0 * self.settings.margin)
        return result

    def _back_keyframes(self) -> tuple[Keyframe, Keyframe]:
        small = _halved_mask(self._known) > 0
        return Keyframe(self._still_life, self._known > 0), Keyframe(_halved(self._still_life), small, 800)

    def _uncover(self, picture: Gray, covered: NDArray[np.uint8] | None, now: float) -> None:
        """Learn what lay under the hands in the calibrated frame, now that they are elsewhere."""
        if now - self._learned_s < self.settings.learn_s or covered is None:
            return
        self._learned_s = now
        flags = cv2.WARP_INVERSE_MAP
        hidden = cv2.warpAffine(
            covered, self._matrix[:2], self._size, flags=flags | cv2.INTER_NEAREST, borderValue=255
        )
        fresh = (self._region > 0) & (self._known == 0) & (hidden == 0)
        if fresh.sum() < 0.03 * self._region.sum():
            return
        here = cv2.warpAffine(picture, self._matrix[:2], self._size, flags=flags | cv2.INTER_LINEAR)
        shared = (self._known > 0) & (hidden == 0)
        shift = float(np.median(here[shared] - self._still_life[shared])) if shared.any() else 0.0
        self._still_life = self._still_life.copy()
        self._still_life[fresh] = here[fresh] - shift
        self._known[fresh] = 1
        trust = self._back.trust_map(self._region.shape)
        self._back, self._coarse_back = self._back_keyframes()
        self._back.trust_from(trust)

    def _scene_keyframe(self, picture: Gray, hands: HandPair) -> Keyframe:
        covered = hands_mask(hands, (picture.shape[0], picture.shape[1]), self._factor)
        small = _halved(picture)
        region = np.ones(small.shape, dtype=bool) if covered is None else _halved_mask(covered) == 0
        return Keyframe(small, region, 1200)

    def _carry(self, picture: Gray, covered: NDArray[np.uint8] | None, hands: HandPair) -> None:
        """Take the motion of the whole scene (the camera's) over to the back."""
        small = _halved(picture)
        hidden = None if covered is None else _halved_mask(covered)
        guess = self._scene_now @ np.linalg.inv(self._scene_base)
        seen = self._scene.align(small, hidden, guess, 4)
        if seen is None or seen.support < 0.85 * self._scene_support:
            again = self._scene.align(small, hidden, guess, 15)
            seen = again if again is not None and (seen is None or again.support > seen.support) else seen
        if seen is not None and seen.support > 0.45:
            now = seen.matrix @ self._scene_base
            change = _DOUBLE @ now @ np.linalg.inv(self._scene_now) @ _HALVE
            self._scene_now = now
            self._scene_support = 0.9 * self._scene_support + 0.1 * seen.support
            self._scene.learn()
            self._matrix = change @ self._matrix
            self._home = change @ self._home
        if seen is None or seen.support < 0.55:
            self._scene = self._scene_keyframe(picture, hands)
            self._scene_base = self._scene_now.copy()
            self._scene_support = 1.0

    def _align(
        self, picture: Gray, covered: NDArray[np.uint8] | None, guess: Array, coarse: bool
    ) -> Alignment | None:
        if coarse:
            hidden = None if covered is None else _halved_mask(covered)
            rough = self._coarse_back.align(_halved(picture), hidden, _HALVE @ guess @ _DOUBLE, 12)
            if rough is not None:
                guess = _DOUBLE @ rough.matrix @ _HALVE
        return self._back.align(picture, covered, guess, 8 if coarse else 3)

    def _holds(self, found: Alignment) -> bool:
        growth = np.sqrt(abs(np.linalg.det(found.matrix[:2, :2])))
        return bool(
            found.support > self.settings.support
            and 0.4 < growth < 2.5
            and found.visible > self.settings.visible
        )

    def _take(self, found: Alignment) -> None:
        self._matrix = found.matrix
        self._home = found.matrix.copy()
        self._variance = self._noise(found)
        self.support = found.support
        self._doubt_s = None

    def _noise(self, found: Alignment) -> Array:
        # Twice the jackknife's figure: it does not know of shadows and arms that hide in several parts.
        # A fit that agrees less than what it began with has been dragged off.
        dragged = self.settings.dragged_px * max(0.0, found.support_before - found.support)
        return 4.0 * found.sigma**2 + self.settings.floor_px**2 + dragged**2

    def _better_at_home(
        self, found: Alignment | None, picture: Gray, covered: NDArray[np.uint8] | None
    ) -> Alignment | None:
        """Unless the back clearly fits better where it seems to have gone, it is where it was."""
        gap = np.abs(self._back.offset(self._home) - self._back.offset(self._matrix)).max()
        if found is not None:
            gap = max(gap, np.abs(self._back.offset(self._home) - found.offset).max())
        if gap < self.settings.home_px:
            return found
        home = self._align(picture, covered, self._home, coarse=False)
        if home is None or (found is not None and found.support > home.support + self.settings.home_support):
            return found
        return home

    def _weigh(
        self,
        found: Alignment,
        stay: float,
        elapsed: float,
        now: float,
        picture: Gray,
        covered: NDArray[np.uint8] | None,
    ) -> None:
        """Weigh what was seen of the back against what the scene's motion made expect (Kalman filter)."""
        expected = self._back.offset(self._matrix)
        variance = self._variance + np.square(self.settings.wander_px) * elapsed
        noise = self._noise(found)
        surprise = found.offset - expected
        self.support = found.support
        if (np.abs(surprise) > self.settings.gate * np.sqrt(variance + noise)).any():
            self._doubt_s = now if self._doubt_s is None else self._doubt_s
            # However long it lasts, a leap must explain the picture better than staying does.
            if (
                now - self._doubt_s < self.settings.gate_s
                or found.support < stay + self.settings.leap_support
            ):
                self._variance = variance
                return
            self._take(found)
            return
        self._doubt_s = None
        gain = variance / (variance + noise)
        self._matrix = self._back.motion(expected + gain * surprise)
        self._variance = (1.0 - gain) * variance
        home, here = self._back.offset(self._home), self._back.offset(self._matrix)
        self._home = self._back.motion(home + min(1.0, elapsed / self.settings.home_s) * (here - home))
        self._back.learn()
        if found.support > 0.5:
            self._uncover(picture, covered, now)

    def _corners(self, matrix: Array) -> Array:
        low, high = self._outline.min(axis=0), self._outline.max(axis=0)
        box = np.array([low, high, [low[0], high[1]], [high[0], low[1]]])
        result: Array = box @ matrix[:2, :2].T + matrix[:2, 2]
        return result

    def _seek(self, picture: Gray, covered: NDArray[np.uint8] | None, now: float) -> Alignment | None:
        """Look for the back where it was, where it was calibrated, and where a template of it fits."""
        if now - self._sought_s < 0.15:
            return None
        self._sought_s = now
        best: Alignment | None = None
        for guess in (self._matrix, IDENTITY, *template_guesses(self._back.gray, self._outline, picture)):
            found = self._align(picture, covered, guess, coarse=True)
            if found is None or found.support < self.settings.again_support or found.visible < 0.4:
                continue
            if self._back.likeness(picture, covered, found.matrix) < self.settings.again_likeness:
                continue
            if best is None or found.support > best.support:
                best = found
                if best.support > 0.8:
                    break
        return best


def _detail(picture: Gray) -> float:
    """Root mean square of a picture's changes from pixel to pixel, grey levels: small in the dark and out of focus."""
    down, across = np.diff(picture, axis=0), np.diff(picture, axis=1)
    return float(np.sqrt(np.square(down).mean() + np.square(across).mean()))


def _halved(picture: Gray) -> Gray:
    size = (picture.shape[1] // 2, picture.shape[0] // 2)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _halved_mask(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    size = (mask.shape[1] // 2, mask.shape[0] // 2)
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
