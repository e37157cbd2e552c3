from config.map import WIDTH, Projection, label_places, rings

SQUARE = {"type": "Polygon", "coordinates": [[[50, 53], [51, 53], [51, 54], [50, 54], [50, 53]]]}


def test_projection_fills_the_width_with_a_margin():
    projection = Projection.of([SQUARE])

    assert projection.point(50, 54) == (4, 4)
    assert projection.point(51, 54) == (WIDTH - 4, 4)


def test_projection_keeps_the_proportions_of_the_middle_parallel():
    projection = Projection.of([SQUARE])

    width = WIDTH - 8
    height = projection.point(50, 53)[1] - projection.point(50, 54)[1]
    assert round(width / height, 2) == 0.59  # cos 53.5°


def test_projection_of_nothing_is_nothing():
    assert Projection.of([]) is None
    assert Projection.of([None]) is None


def test_path_is_closed_and_relative():
    assert Projection.of([SQUARE]).path(SQUARE) == "M4 1672l992 0 0-1668-992 0z"


def test_rings_read_both_kinds_of_polygons():
    several = {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], SQUARE["coordinates"]]}

    assert len(rings(SQUARE)) == 1
    assert len(rings(several)) == 2
    assert rings(None) == []


def test_labels_of_neighbours_do_not_cover_each_other():
    places = label_places([(300, 300, "Сызрань"), (340, 300, "Октябрьск"), (900, 500, "Похвистнево")])

    assert [anchor for _dx, _dy, anchor in places] == ["end", "start", "end"]
