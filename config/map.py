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


TEXT = 36  # the size of names on a phone, the larger of the two: what fits there fits everywhere
LETTER = 0.58  # mean width of a letter in text sizes
POINT = 16
# dx, dy in text sizes and the anchor: right, left, below, above.
SIDES = ((0.75, 0.35, "start"), (-0.75, 0.35, "end"), (0, 1.4, "middle"), (0, -0.7, "middle"))


def _box(x, y, side, letters):
    dx, dy, anchor = side
    width = letters * LETTER * TEXT
    left = x + dx * TEXT - {"start": 0, "middle": width / 2, "end": width}[anchor]
    bottom = y + dy * TEXT
    return left, bottom - 0.8 * TEXT, left + width, bottom + 0.1 * TEXT


def _overlap(a, b):
    """The area that two boxes share."""
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))


def label_places(points):
    """Where the names of towns stand so that they do not cover each other.

    Args:
        points: [(x, y, name), …], the most important first: they choose first.

    Returns:
        A list of (dx, dy, anchor) in the same order, dx and dy in `em`: the first side of right, left, below and above
        that is free, else the one that covers least.
    """
    taken = [(x - POINT, y - POINT, x + POINT, y + POINT) for x, y, _name in points]
    places = []
    for index, (x, y, name) in enumerate(points):
        others = taken[:index] + taken[index + 1 :]

        def covered(side, x=x, y=y, name=name, others=others):
            box = _box(x, y, side, len(name))
            outside = max(0, -box[0]) + max(0, box[2] - WIDTH)
            return sum(_overlap(box, other) for other in others) + outside * TEXT

        side = min(SIDES, key=covered)
        taken.append(_box(x, y, side, len(name)))
        places.append(side)
    return places
