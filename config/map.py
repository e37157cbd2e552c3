"""The map of a region as SVG paths: outlines from GeoJSON, towns as points. Pure geometry, no queries."""

import math
from dataclasses import dataclass

WIDTH = 1000


@dataclass(frozen=True)
class Projection:
    """Equirectangular projection with the parallel of the region's middle kept true; x, y in whole units."""

    west: float
    north: float
    scale: float
    shrink: float
    height: int

    @classmethod
    def of(cls, geometries):
        """The projection that fits all geometries into a picture 1000 units wide; None without any."""
        points = [point for geometry in geometries for ring in rings(geometry) for point in ring]
        if not points:
            return None
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        shrink = math.cos(math.radians((south + north) / 2))
        scale = (WIDTH - 8) / ((east - west) * shrink)
        return cls(west, north, scale, shrink, math.ceil((north - south) * scale) + 8)

    def point(self, longitude, latitude):
        """A place as whole (x, y)."""
        return (
            round((float(longitude) - self.west) * self.shrink * self.scale) + 4,
            round((self.north - float(latitude)) * self.scale) + 4,
        )

    def path(self, geometry):
        """The `d` of an SVG path: whole numbers, relative steps, repeated points left out."""
        parts = []
        for ring in rings(geometry):
            spots = [self.point(*point[:2]) for point in ring[:-1]]
            spots = [spot for index, spot in enumerate(spots) if index == 0 or spot != spots[index - 1]]
            if len(spots) < 3:
                continue
            steps = (f"{x - a} {y - b}" for (a, b), (x, y) in zip(spots, spots[1:], strict=False))
            parts.append(f"M{spots[0][0]} {spots[0][1]}l" + " ".join(steps) + "z")
        return "".join(parts).replace(" -", "-")


def rings(geometry):
    """All rings of a GeoJSON Polygon or MultiPolygon."""
    if not geometry:
        return []
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def label_places(points):
    """Where the names of towns stand so that neighbours do not cover each other.

    Args:
        points: [(x, y), …].

    Returns:
        A list of (dx, dy, anchor) in the same order: to the right where there is room, else left, below or above.
    """
    places = []
    for index, (x, y) in enumerate(points):
        near = [(a - x, b - y) for other, (a, b) in enumerate(points) if other != index]
        right = any(0 < dx < 210 and abs(dy) < 34 for dx, dy in near) or x > WIDTH - 190
        left = any(-210 < dx < 0 and abs(dy) < 34 for dx, dy in near) or x < 190
        if not right:
            places.append((22, 9, "start"))
        elif not left:
            places.append((-22, 9, "end"))
        else:
            places.append((0, 42, "middle"))
    return places
