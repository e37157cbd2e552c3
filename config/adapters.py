"""Sign-in as this site wants it: accounts are given, refusals are plain, the key is readable on a dark page."""

from io import BytesIO

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Officials get their accounts from the region's administrator: nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": format_lazy(
            _("Слишком много неудачных попыток. Вход закрыт, попробуйте снова через {minutes} минут."),
            minutes=settings.LOCKOUT_MINUTES,
        ),
        "username_password_mismatch": _("Имя или пароль не подходят. Проверьте раскладку клавиатуры и Caps Lock."),
    }

    def is_open_for_signup(self, request):
        """Nobody signs up: accounts are given by the region."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: codes of an app on the phone."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Код не подходит. Введите тот, что приложение показывает сейчас."),
    }

    def build_totp_svg(self, url):
        """The key as a QR code on white: on a dark page a camera reads no other."""
        buffer = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(buffer)
        return buffer.getvalue().decode()
