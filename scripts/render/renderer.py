"""A small forward renderer on moderngl; EGL with a software driver is enough.

Shadow map, depth pass, ambient occlusion, shaded surfaces, antialiasing.
"""

from typing import Any

import moderngl
import numpy as np
from numpy.typing import ArrayLike, NDArray

from scripts.render import shaders
from scripts.render.mesh import Array

NEAR, FAR = 4.0, 900.0
_FORMAT = "3f 3f 3f 3f 4f 2f"
_ATTRIBUTES = ("p", "n", "r", "c", "m", "e")


def look_at(eye: ArrayLike, target: ArrayLike, up: ArrayLike = (0, 1, 0)) -> Array:
    """View matrix."""
    eye = np.asarray(eye, np.float64)
    f = np.asarray(target, np.float64) - eye
    f /= np.linalg.norm(f)
    s = np.cross(f, np.asarray(up, np.float64))
    s /= np.linalg.norm(s)
    m = np.eye(4)
    m[0, :3], m[1, :3], m[2, :3] = s, np.cross(s, f), -f
    m[:3, 3] = -m[:3, :3] @ eye
    return m


def perspective(fovy: float, aspect: float) -> Array:
    """Projection matrix; `fovy` in degrees."""
    t = np.tan(np.deg2rad(fovy) / 2)
    p = np.zeros((4, 4))
    p[0, 0], p[1, 1] = 1 / (t * aspect), 1 / t
    p[2, 2], p[2, 3], p[3, 2] = -(FAR + NEAR) / (FAR - NEAR), -2 * FAR * NEAR / (FAR - NEAR), -1
    return p


def _orthographic(half: float, near: float, far: float) -> Array:
    p = np.eye(4)
    p[0, 0] = p[1, 1] = 1 / half
    p[2, 2], p[2, 3] = -2 / (far - near), -(far + near) / (far - near)
    return p


def _set_matrix(program: moderngl.Program, name: str, matrix: NDArray[np.float32]) -> None:
    member = program[name]
    if not isinstance(member, moderngl.Uniform):
        raise TypeError(f"Expected a uniform {name} in the shader, got {type(member).__name__}.")
    member.write(matrix.T.tobytes())


class Renderer:
    """Draws named meshes at one size.

    Parameters
    ----------
    width, height : int
        Of the picture, px.
    shadow : int
        Side of the shadow map, px.
    context : moderngl.Context, optional
        To share between renderers of several sizes.
    """

    def __init__(self, width: int, height: int, shadow: int = 2048, context: Any = None) -> None:
        headless: Any = {"backend": "egl"}  # moderngl's own annotation asks for a dict as value
        self.context = context or moderngl.create_standalone_context(**headless)
        c, size = self.context, (width, height)
        self.width, self.height = width, height
        cut = shaders.SURFACE_FRAGMENT.replace("#version 330", "#version 330\n#define CUT", 1)
        self._surface = c.program(shaders.SURFACE_VERTEX, shaders.SURFACE_FRAGMENT)
        self._cut_surface = c.program(shaders.SURFACE_VERTEX, cut)
        self._depth = c.program(shaders.DEPTH_VERTEX, shaders.DEPTH_FRAGMENT)
        self._occlusion = c.program(shaders.SCREEN_VERTEX, shaders.OCCLUSION_FRAGMENT)
        self._blur = c.program(shaders.SCREEN_VERTEX, shaders.BLUR_FRAGMENT)
        self._antialias = c.program(shaders.SCREEN_VERTEX, shaders.ANTIALIAS_FRAGMENT)
        self._shadow_map = c.depth_texture((shadow, shadow))
        self._shadow_map.compare_func = "<="
        self._shadow_map.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._shadow_buffer = c.framebuffer(depth_attachment=self._shadow_map)
        self._depth_picture = c.depth_texture(size)
        self._depth_picture.compare_func = ""
        self._depth_picture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._depth_buffer = c.framebuffer(depth_attachment=self._depth_picture)
        self._occlusion_picture = c.texture(size, 1, dtype="f1")
        self._occlusion_buffer = c.framebuffer([self._occlusion_picture])
        self._blurred = c.texture(size, 1, dtype="f1")
        self._blurred_buffer = c.framebuffer([self._blurred])
        self._picture = c.texture(size, 4)
        self._picture.repeat_x = self._picture.repeat_y = False
        # drawn against the depth pass, so that hidden surfaces are not shaded
        self._main_buffer = c.framebuffer([self._picture], self._depth_picture)
        self._clear_buffer = c.framebuffer([self._picture])
        self._out_buffer = c.framebuffer([c.renderbuffer(size, 4)])
        corner = c.buffer(np.array([-1, -1, 3, -1, -1, 3], "f4").tobytes())
        self._occlusion_pass = c.vertex_array(self._occlusion, [(corner, "2f", "q")])
        self._blur_pass = c.vertex_array(self._blur, [(corner, "2f", "q")])
        self._antialias_pass = c.vertex_array(self._antialias, [(corner, "2f", "q")])
        self.meshes: dict[str, dict[str, Any]] = {}
        self._view_projection = np.eye(4)

    def set_mesh(self, name: str, vertices: NDArray[np.float32], triangles: NDArray[Any] | None) -> None:
        """Upload packed vertices; names that begin with ``cut`` are cut where their first extra is
        negative.
        """
        data = np.ascontiguousarray(vertices, np.float32)
        known = self.meshes.get(name)
        if known and (known["count"] == len(data)):
            known["buffer"].write(data.tobytes())
            return
        buffer = self.context.buffer(data.tobytes(), dynamic=True)
        index = self.context.buffer(np.ascontiguousarray(triangles, np.int32).tobytes())
        program = self._cut_surface if name.startswith("cut") else self._surface
        shaded = self.context.vertex_array(program, [(buffer, _FORMAT, *_ATTRIBUTES)], index)
        depth = self.context.vertex_array(self._depth, [(buffer, "3f 60x", "p")], index)
        self.meshes[name] = {"count": len(data), "buffer": buffer, "shaded": shaded, "depth": depth}

    def render(self, camera: dict[str, Any], light: dict[str, Any], depth_only: bool = False) -> Any:
        """Draw; returns RGB, shape (height, width, 3), or None with `depth_only`.

        ``light["shadow"]`` False keeps the shadow map of the last picture.
        """
        c = self.context
        c.enable(moderngl.DEPTH_TEST)
        c.disable(moderngl.CULL_FACE)
        projection = perspective(camera["fovy"], self.width / self.height)
        self._view_projection = projection @ look_at(
            camera["eye"], camera["target"], camera.get("up", (0, 1, 0))
        )
        vp = self._view_projection.astype("f4")
        ray = np.asarray(light["direction"], np.float64)
        ray = ray / np.linalg.norm(ray)
        centre = np.asarray(light["centre"], np.float64)
        from_light = look_at(centre + ray * 250, centre, (0, 0, 1) if abs(ray[1]) > 0.9 else (0, 1, 0))
        lvp = (_orthographic(light.get("size", 75), 1, 500) @ from_light).astype("f4")
        if not depth_only and light.get("shadow", True):
            self._shadow_buffer.use()
            self._shadow_buffer.clear(depth=1.0)
            _set_matrix(self._depth, "VP", lvp)
            for mesh in self.meshes.values():
                mesh["depth"].render()
        self._depth_buffer.use()
        self._depth_buffer.clear(depth=1.0)
        _set_matrix(self._depth, "VP", vp)
        for name, mesh in self.meshes.items():
            if not name.startswith("cut"):
                mesh["depth"].render()
        if depth_only:
            return None
        self._ambient_occlusion(camera, light)
        self._shade(camera, light, ray, vp, lvp)
        self._out_buffer.use()
        self._picture.use(4)
        self._antialias["it"] = 4
        self._antialias["res"] = (self.width, self.height)
        c.disable(moderngl.DEPTH_TEST)
        self._antialias_pass.render()
        c.enable(moderngl.DEPTH_TEST)
        raw = np.frombuffer(self._out_buffer.read(components=3), np.uint8)
        return raw.reshape(self.height, self.width, 3)[::-1]

    def _ambient_occlusion(self, camera: dict[str, Any], light: dict[str, Any]) -> None:
        t = float(np.tan(np.deg2rad(camera["fovy"]) / 2))
        size = (self.width, self.height)
        self._occlusion_buffer.use()
        self._depth_picture.use(0)
        values = {"dt": 0, "res": size, "near": NEAR, "far": FAR, "tanf": (t * self.width / self.height, t)}
        values["rad"] = light.get("occlusion_radius", 4.5)
        for name, value in values.items():
            self._occlusion[name] = value
        self.context.disable(moderngl.DEPTH_TEST)
        self._occlusion_pass.render()
        self._blurred_buffer.use()
        self._occlusion_picture.use(1)
        self._blur["at"], self._blur["dt"], self._blur["res"] = 1, 0, size
        self._blur_pass.render()
        self.context.enable(moderngl.DEPTH_TEST)

    def _shade(self, camera: dict[str, Any], light: dict[str, Any], ray: Array, vp: Any, lvp: Any) -> None:
        second = np.asarray(light["direction2"], np.float64)
        second = second / np.linalg.norm(second)
        self._shadow_map.use(2)
        self._blurred.use(3)
        values = {
            "eye": tuple(camera["eye"]),
            "ldir": tuple(ray),
            "lcol": tuple(light["colour"]),
            "l2dir": tuple(second),
            "l2col": tuple(light["colour2"]),
            "sky": tuple(light["sky"]),
            "ground": tuple(light["ground"]),
            "softness": light.get("softness", 0.008),
            "exposure": light.get("exposure", 1.0),
            "bump": light.get("bump", 1.0),
            "sm": 2,
            "ao": 3,
            "res": (self.width, self.height),
        }
        for program in (self._surface, self._cut_surface):
            _set_matrix(program, "VP", vp)
            _set_matrix(program, "LVP", lvp)
            for name, value in values.items():
                program[name] = value
        self.context.depth_func = "<="
        self._clear_buffer.use()
        red, green, blue = light.get("background", (0.5, 0.5, 0.5))
        self._clear_buffer.clear(red, green, blue, 1.0)
        self._main_buffer.use()
        for name in sorted(self.meshes, key=lambda k: (k == "static", k.startswith("cut"))):
            self.meshes[name]["shaded"].render()

    def depth_cm(self) -> Array:
        """Return the distance along the optical axis of the last picture, shape (height, width)."""
        raw = np.frombuffer(self._depth_picture.read(), "f4").reshape(self.height, self.width)
        z = raw[::-1] * 2 - 1
        return np.asarray(2 * NEAR * FAR / (FAR + NEAR - z * (FAR - NEAR)))

    def project(self, x: ArrayLike) -> tuple[Array, Array]:
        """Project points, shape (n, 3), with the last camera: pixels (n, 2) and distance (n,)."""
        points = np.atleast_2d(x)
        q = np.c_[points, np.ones(len(points))] @ self._view_projection.T
        u = q[:, :2] / q[:, 3:]
        return np.c_[(u[:, 0] * 0.5 + 0.5) * self.width, (0.5 - u[:, 1] * 0.5) * self.height], q[:, 3]
