"""A whole scene from its specification; each call of `draw` gives one picture."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from scripts.render.dressing import Dresser, named_rgb
from scripts.render.mesh import Array, rotation, triangles, unit
from scripts.render.practitioner import SKIN_RGB, Practitioner
from scripts.render.recipient import Posture, Recipient
from scripts.render.renderer import Renderer
from scripts.render.shapes import CUT_MARK, SKIN, Part, blotches, pack, wobble
from scripts.render.surroundings import furniture, room

_POSTURE_KEYS = (
    "lean",
    "flex",
    "head_turn",
    "mix",
    "scale",
    "posture",
    "arms",
    "arm_jitter",
    "relief",
    "head_nod",
)
_BREATH_REACH_CM = 20.0


class Scene:
    """Recipient, practitioner, room, camera and light.

    Parameters
    ----------
    spec : dict
        As described in datasets/back_landmarks/README.md.
    renderer : Renderer, optional
        To reuse (compiling the shaders takes longer than drawing); its meshes are replaced.
    """

    def __init__(self, spec: dict[str, Any], renderer: Renderer | None = None) -> None:
        self.spec = spec
        self.width, self.height = spec["size"]
        self.recipient_spec = r = spec.get("recipient", {})
        self.recipient = Recipient(Posture(**{k: r[k] for k in _POSTURE_KEYS if k in r}))
        clothed = r.get("back", "bare") != "bare"
        self.cloth_cm = 1.0 if r.get("suit") else 0.45 if clothed else 0.0
        self._set_breath(r)
        visible = r.get("visible", True)
        parts = self._body() if visible else []
        parts += furniture(self.recipient, r) if r.get("furnished", visible) else []
        parts += room(spec.get("room", {}), spec.get("seed", 0))
        self.practitioner = Practitioner(self.recipient, spec.get("practitioner", {}))
        if spec.get("practitioner", {}).get("torso"):
            parts.append(self.practitioner.torso())
        self.aim(spec.get("camera", {}))
        self.illuminate(spec.get("light", {}))
        factor = spec.get("supersample", 1.0)
        self._drawn = int(self.width * factor), int(self.height * factor)
        self.renderer = renderer or Renderer(*self._drawn)
        self.renderer.meshes.clear()
        self._static: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
        for name, cut in (("static", False), ("cut", True)):
            self._upload(name, [p for p in parts if (p[0][0, 17] == CUT_MARK) == cut])

    def _upload(self, name: str, parts: list[Part]) -> None:
        if not parts:
            return
        offsets = np.cumsum([0] + [len(v) for v, _ in parts])
        vertices = np.concatenate([v for v, _ in parts])
        faces = np.concatenate([f + o for (_, f), o in zip(parts, offsets, strict=False)])
        self._static[name] = vertices, self._breath_share(vertices[:, :3]).astype(np.float32)
        self.renderer.set_mesh(name, vertices, faces)

    def _body(self) -> list[Part]:
        who, r = self.recipient, self.recipient_spec
        rest, top = who.rest, who.body.vertices[:, 1].max()
        tone = named_rgb(r.get("skin", "light"), SKIN_RGB)
        colour = (
            np.tile(tone, (len(rest), 1)) * (1 + 0.08 * wobble(rest, 3, 0.05)[:, None]) * blotches(rest, 31)
        )
        face = np.exp(-((rest - np.array([0, top - 27, -6])) ** 2).sum(1) / 200.0)[:, None]
        colour = colour * (1 + face * np.array([0.02, -0.10, -0.10]))
        material = [r.get("roughness", 0.52), 1.0, SKIN, r.get("gloss", 0.8)]
        dresser = Dresser(who, r)
        worn = [*dresser.clothes(), *dresser.hair()]
        under = who.share_of(dresser.hidden)[:, None]  # drawn in, so that it does not show through
        skin = pack(who.vertices - 1.5 * under * who.normals, who.normals, rest, colour, material)
        return [(skin, triangles(who.faces)), *worn]

    def _set_breath(self, r: dict[str, Any]) -> None:
        self.breath_direction = self.recipient.at(0, 14, "normal")
        self._breath_centre = self.recipient.at(0, 14) + np.array([0, 0, 8.0])
        self._breath_cm, self._breath_hz = r.get("breath_cm", 0.25), r.get("breath_hz", 0.27)

    def _breath_share(self, x: Array) -> Array:
        return np.asarray(np.exp(-((x - self._breath_centre) ** 2).sum(1) / (2 * _BREATH_REACH_CM**2)))

    def breathe(self, x: Array, t: float) -> Array:
        """Return the shift of points, shape (n, 3), at time `t` by breathing, cm."""
        lift = self._breath_cm * np.sin(2 * np.pi * self._breath_hz * t + 1.0)
        return np.asarray(self._breath_share(x)[:, None] * lift * self.breath_direction)

    def aim(self, camera: dict[str, Any]) -> None:
        """Set the camera: azimuth and elevation about the back (degrees), distance (cm), lens, roll, aim."""
        target = self.recipient.at(0, camera.get("look_down", 13))
        target = target + np.array([-camera.get("look_right", 0), 0, 0])
        if "bone" in camera:  # of something else than the back
            target = self.recipient.joint(camera["bone"])
        az, el = np.deg2rad(camera.get("az", 0)), np.deg2rad(camera.get("el", 35))
        ray = np.array([-np.cos(el) * np.sin(az), np.sin(el), -np.cos(el) * np.cos(az)])
        eye = target + camera.get("dist", 125) * ray
        up = rotation(unit(target - eye), camera.get("roll", 0)) @ np.array([0, 1.0, 0])
        self.camera = {"eye": eye, "target": target, "fovy": camera.get("fovy", 45), "up": up}
        self.shake_cm = camera.get("shake_cm", 0.0)

    def illuminate(self, spec: dict[str, Any]) -> None:
        """Set key light, fill, ambient light, exposure and what the camera's electronics add."""
        colour, tint = (
            np.array(spec.get("col", (1.0, 0.94, 0.84))),
            np.array(spec.get("tint", (0.92, 0.97, 1.05))),
        )
        ambient = spec.get("ambient", 0.42)
        az, el = np.deg2rad(spec.get("az", 40)), np.deg2rad(spec.get("el", 60))
        az2 = az + np.deg2rad(spec.get("fill_az", -120))
        self.light = {
            "background": tuple(spec.get("bg", (0.5, 0.5, 0.5))),
            "direction": np.array([-np.cos(el) * np.sin(az), np.sin(el), -np.cos(el) * np.cos(az)]),
            "colour": colour * 1.25 * spec.get("key", 1.0),
            "direction2": np.array([-np.cos(0.4) * np.sin(az2), np.sin(0.4), -np.cos(0.4) * np.cos(az2)]),
            "colour2": tint * 0.55 * spec.get("fill", 0.45),
            "sky": tint * ambient,
            "ground": np.array((0.85, 0.75, 0.66)) * ambient * 0.55,
            "centre": self.recipient.at(0, 12),
            "size": 85,
            "softness": spec.get("softness", 0.011),
            "exposure": spec.get("exposure", 0.78),
            "occlusion_radius": 5.0,
            "bump": spec.get("bump", 1.0),
        }
        self._sensor = {
            "noise": spec.get("noise", 0.005),
            "blur": spec.get("blur", 0.55),
            "wb": np.array(spec.get("wb", (1, 1, 1)), np.float32),
            "vignette": spec.get("vignette", 0.18),
            "gain": spec.get("gain", 1.0),
        }

    def draw(
        self, hands: dict[str, dict[str, Any]], t: float = 0.0, frame: int = 0, depth_only: bool = False
    ) -> tuple[Any, dict[str, dict[str, Any]]]:
        """Draw one picture.

        Parameters
        ----------
        hands : dict
            Side to hand, as `Practitioner.hand` takes it; a side left out is not drawn.
        t : float
            Time for breathing, s.
        frame : int
            Seeds the sensor noise.
        depth_only : bool
            Compute positions and depth, draw nothing.

        Returns
        -------
        image : ndarray of uint8, shape (height, width, 3), or None
            RGB.
        placed : dict
            Side to ``landmarks`` and ``contact``, cm.
        """
        renderer = self.renderer
        placed: dict[str, dict[str, Any]] = {}
        for side in ("left", "right"):
            if side not in hands:
                renderer.meshes.pop(side, None)
                renderer.meshes.pop(f"cap_{side}", None)
                continue
            h = hands[side]
            breath = self.breathe(self.recipient.at(h["lat"], h["down"])[None], t)[0]
            placed[side] = self.practitioner.hand(side, h, breath, self.cloth_cm)
            renderer.set_mesh(f"cap_{side}", *placed[side]["cap"])
        if self._breath_cm:
            lift = self._breath_cm * np.sin(2 * np.pi * self._breath_hz * t + 1.0)
            for name, (vertices, share) in self._static.items():
                moved = vertices.copy()
                moved[:, :3] += (share * lift)[:, None] * self.breath_direction.astype(np.float32)
                renderer.set_mesh(name, moved, None)
        for side, hand in placed.items():
            renderer.set_mesh(side, *hand["arm"])
        image = renderer.render(self.camera, self.light, depth_only)
        self._depth = renderer.depth_cm()
        if image is None:
            return None, placed
        if image.shape[0] != self.height:
            image = cv2.resize(image, (self.width, self.height), interpolation=cv2.INTER_AREA)
        return self._through_the_camera(image, frame), placed

    def _through_the_camera(self, image: Any, frame: int) -> NDArray[np.uint8]:
        p, h, w = self._sensor, self.height, self.width
        x = image.astype(np.float32) / 255.0
        if p["blur"] > 0:
            x = cv2.GaussianBlur(x, (0, 0), p["blur"])
        v, u = np.mgrid[0:h, 0:w]
        corner = ((u - w / 2) / (w / 2)) ** 2 + ((v - h / 2) / (h / 2)) ** 2
        x = x * (1 - p["vignette"] * corner / 2)[..., None].astype(np.float32) * p["wb"] * p["gain"]
        if p["noise"] > 0:
            rng = np.random.default_rng(self.spec.get("seed", 0) * 100003 + frame)
            n = rng.standard_normal((h, w, 3), dtype=np.float32)
            n = 0.6 * n + 0.4 * n.mean(2, keepdims=True) * 1.7
            n = 0.75 * n + 0.6 * cv2.blur(n, (2, 2))
            x = x + n * p["noise"] * (0.5 + np.sqrt(np.clip(x, 0, 1)))
        return np.asarray(np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)

    def project(self, x: ArrayLike) -> tuple[Array, Array]:
        """Project points with the last picture's camera: pixels and distance."""
        u, w = self.renderer.project(x)
        return u * np.array([self.width / self._drawn[0], self.height / self._drawn[1]]), w

    def occluded(self, x: ArrayLike, tolerance_cm: float) -> tuple[Array, NDArray[np.bool_]]:
        """Project points and say which lie behind something, or outside the picture."""
        u, w = self.project(x)
        gw, gh = self._drawn
        row = np.clip((u[:, 1] * gh / self.height).astype(int), 0, gh - 1)
        column = np.clip((u[:, 0] * gw / self.width).astype(int), 0, gw - 1)
        outside = (u[:, 0] < 0) | (u[:, 0] >= self.width) | (u[:, 1] < 0) | (u[:, 1] >= self.height)
        return u, (w - self._depth[row, column] > tolerance_cm) | outside

    def near(self) -> NDArray[np.bool_]:
        """Say which pixels of the last picture show people, hands or furniture about the recipient, not the room.

        Told by where the pixel lies in space: floor, walls and what stands along them are the room.
        """
        c = self.camera
        forward = unit(c["target"] - c["eye"])
        right = unit(np.cross(forward, c["up"]))
        up = np.cross(right, forward)
        h, w = self._depth.shape
        half = np.tan(np.deg2rad(c["fovy"]) / 2)
        x = ((np.arange(w) + 0.5) / w * 2 - 1) * half * w / h
        y = (1 - (np.arange(h) + 0.5) / h * 2) * half
        rays = forward + x[None, :, None] * right + y[:, None, None] * up
        p = c["eye"] + self._depth[..., None] * rays
        inside = (np.abs(p[..., 0]) < 95) & (p[..., 1] > 2.5) & (p[..., 2] < 105) & (p[..., 2] > -250)
        mask = cv2.resize(inside.astype(np.uint8), (self.width, self.height), interpolation=cv2.INTER_NEAREST)
        return np.asarray(mask > 0)
