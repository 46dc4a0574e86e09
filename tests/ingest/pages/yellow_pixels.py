"""Where a quote is marked on the image of a page."""

from PIL import Image, ImageChops


def yellow_box(image: Image.Image) -> tuple[int, int, int, int]:
    """Return the box of the yellow pixels."""
    red, _, blue = image.split()
    is_light = red.point(lambda value: 255 if value > 200 else 0)
    is_not_white = blue.point(lambda value: 255 if value < 180 else 0)
    box = ImageChops.multiply(is_light, is_not_white).getbbox()
    assert box is not None
    return box
