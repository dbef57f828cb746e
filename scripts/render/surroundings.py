"""Tables, stools and rooms."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from scripts.render.dressing import HEAD_BONES
from scripts.render.mesh import Array, triangles
from scripts.render.recipient import ARM_BONES, Recipient
from scripts.render.shapes import CLOTH, PLAIN, SKIN, Part, box, ellipsoid, grid_quads, pack


def _box(a: ArrayLike, b: ArrayLike, rgb: ArrayLike, material: ArrayLike) -> Part:
    v, n, f = box(np.asarray(a, np.float64), np.asarray(b, np.float64))
    return pack(v, n, v, rgb, material), triangles(f)


def furniture(who: Recipient, spec: dict[str, Any]) -> list[Part]:
    """What the recipient sits at or lies on."""
    wood = spec.get("table", (0.32, 0.2, 0.11))
    if who.posture.posture == "standing":
        return []
    if who.posture.posture == "prone":
        trunk = (who.weight_of(ARM_BONES) < 0.3) & (who.weight_of(HEAD_BONES) < 0.3)
        top = who.vertices[trunk][:, 1].min() + spec.get("sink", 1.5)
        half, chest = spec.get("table_w", 34), who.joint("spine02")
        end = chest[2] + spec.get("table_end", 62)
        legs = [0.1, 0.1, 0.1]
        return [
            _box((-half, top - 9, -130), (half, top, end), wood, [0.8, 0, CLOTH, 0.3]),
            _box((-half + 4, 0, -120), (-half + 9, top - 9, -112), legs, [0.8, 0, PLAIN, 0.3]),
            _box((half - 9, 0, 40), (half - 4, top - 9, 48), legs, [0.8, 0, PLAIN, 0.3]),
        ]
    wrist, elbow = who.joint("wrist.L"), who.joint("lowerarm01.L")
    y, z = min(wrist[1], elbow[1]) - 4.5, min(wrist[2], elbow[2]) - 4
    parts = [
        _box((-70, y - 4, z), (70, y, z + 75), wood, [0.6, 0, PLAIN, 0.4]),
        _box((-22, 40, -16), (22, 44, 18), (0.1, 0.1, 0.12), [0.6, 0, CLOTH, 0.4]),
        _box((-3, 0, -3), (3, 40, 3), (0.1, 0.1, 0.1), [0.6, 0, PLAIN, 0.4]),
        _box((-60, 0, z + 10), (-55, y, z + 15), wood, [0.6, 0, PLAIN, 0.4]),
        _box((55, 0, z + 10), (60, y, z + 15), wood, [0.6, 0, PLAIN, 0.4]),
    ]
    v, n, f = ellipsoid(np.array([0, y + 5, z + 34]), (26, 9, 18))
    parts.append((pack(v, n, v, spec.get("cushion", (0.6, 0.58, 0.55)), [0.9, 0, CLOTH, 0.2]), triangles(f)))
    return parts


def _wall(
    origin: ArrayLike, a: ArrayLike, b: ArrayLike, normal: ArrayLike, rgb: Array, stripes: bool, m: int
) -> Part:
    u, v = np.meshgrid(np.linspace(0, 1, m), np.linspace(0, 1, m))
    p = np.asarray(origin) + u.reshape(-1, 1) * np.asarray(a) + v.reshape(-1, 1) * np.asarray(b)
    colour = np.tile(rgb, (m * m, 1))
    if stripes:
        colour = colour * (1 + 0.35 * np.sign(np.sin(p[:, :1] * 0.35)))
    n = np.tile(np.asarray(normal, np.float64), (m * m, 1))
    return pack(p, n, p, colour, [0.7, SKIN, PLAIN, 0.4]), triangles(grid_quads(m, m))


def room(spec: dict[str, Any], seed: int) -> list[Part]:
    """A box of a room with clutter and pictures on the wall; open on the camera's side."""
    rng = np.random.default_rng(spec.get("seed", seed + 77))
    wall, floor = (
        np.array(spec.get("wall", (0.5, 0.48, 0.44))),
        np.array(spec.get("floor", (0.22, 0.15, 0.1))),
    )
    striped = bool(spec.get("stripes"))
    parts = [
        _wall((-320, 0, -260), (640, 0, 0), (0, 0, 520), (0, 1, 0), floor, False, 24),
        _wall((-320, 0, 190), (640, 0, 0), (0, 270, 0), (0, 0, -1), wall, striped, 80),
        _wall((-320, 0, -260), (0, 0, 450), (0, 270, 0), (1, 0, 0), wall * 0.9, False, 24),
        _wall((320, 0, -260), (0, 0, 450), (0, 270, 0), (-1, 0, 0), wall * 0.9, False, 24),
    ]
    if spec.get("rug"):
        parts.append(_box((-95, 0, -120), (95, 1, 90), spec["rug"], [0.95, 0, CLOTH, 0.1]))
    for _ in range(spec.get("clutter", 6)):
        size, x = rng.uniform((15, 15, 12), (70, 120, 45)), rng.uniform(-260, 260)
        z = rng.uniform(110, 180) if rng.random() < 0.6 else rng.uniform(40, 160)
        if abs(x) < 95 and z < 130:  # keep the way to the recipient clear
            x = np.sign(x) * rng.uniform(110, 250)
        y = 0 if rng.random() < 0.7 else rng.uniform(60, 140)
        corner = np.array([x, y, z])
        rgb = rng.uniform(0.02, 0.6, 3) * rng.uniform(0.3, 1)
        parts.append(_box(corner, corner + size, rgb, [0.7, 0, rng.choice([CLOTH, PLAIN]), 0.4]))
    for _ in range(spec.get("frames", 2)):
        x, y = rng.uniform(-200, 150), rng.uniform(90, 170)
        far = np.array([x + rng.uniform(25, 60), y + rng.uniform(25, 50), 189])
        parts.append(_box((x, y, 187), far, rng.uniform(0.02, 0.8, 3), [0.4, 0, PLAIN, 0.6]))
    return parts
