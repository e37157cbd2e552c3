from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Officials get their accounts from the region's administrator: nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": format_lazy(
            _("Слишком много неудачных попыток. Вход закрыт, попробуйте снова через {minutes} минут."),
            minutes=settings.LOCKOUT_MINUTES,
        ),
        "username_password_mismatch": _("Имя или пароль не подходят. Проверьте раскладку клавиатуры и Caps Lock."),
        "incorrect_code": _("Код не подходит. Введите тот, что приложение показывает сейчас."),
    }

    def is_open_for_signup(self, request):
        return False
