"""Addresses as codes that a phone reads from paper (QR), drawn as a picture of our own."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import mark_safe


def qr_svg(address, label):
    """A QR code of an address as inline SVG: black modules on white, no styles, so that it survives any colours.

    Args:
        address: the whole address.
        label: what it is, for those who listen.
    """
    code = qrcode.QRCode(border=4, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" width="160" height="160" role="img" aria-label="{1}" '
        'shape-rendering="crispEdges"><rect width="{0}" height="{0}" fill="#fff"/><path fill="#000" d="{2}"/></svg>',
        side,
        label,
        mark_safe(path),  # noqa: S308 - numbers only
    )
