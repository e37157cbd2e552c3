"""System checks of the deployment: `manage.py check --deploy` names what would hurt on a real site."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security)
def check_sample_data(app_configs, **kwargs):
    """E001: a try-out has accounts with a known password and must not be reached from outside."""
    if settings.DEMO and not set(settings.ALLOWED_HOSTS) <= LOCAL_HOSTS:
        return [
            Error(
                "DEMO=1 на открытом сайте: у пробных учётных записей известный пароль.",
                hint="Уберите DEMO или оставьте в ALLOWED_HOSTS только localhost.",
                id="towns.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_lockout_is_shared(app_configs, **kwargs):
    """W001, W002: five failures are five in all only if every process counts in one place and sees the real address."""
    found = []
    if settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache")):
        found.append(
            Warning(
                "Кэш свой у каждого процесса: неудачные попытки входа считает каждый сам.",
                hint="Задайте CACHE_URL=rediscache://… или dbcache://… (для второго — manage.py createcachetable).",
                id="towns.W001",
            )
        )
    if settings.HTTPS and settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0:
        found.append(
            Warning(
                "За прокси все посетители имеют один адрес: двадцать ошибок любого закроют вход всем.",
                hint="Задайте TRUSTED_PROXY_COUNT — число своих прокси перед сайтом.",
                id="towns.W002",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_database(app_configs, **kwargs):
    """W003: SQLite is for a try-out."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return [
            Warning(
                "База — файл SQLite: он годится для пробы и для одного процесса записи.",
                hint="Задайте DATABASE_URL=postgres://…",
                id="towns.W003",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_mail_and_second_factor(app_configs, **kwargs):
    """W004, W005: letters go somewhere, and the region's officials sign in with two factors."""
    found = []
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        found.append(
            Warning(
                "Письма никуда не уходят: ни напоминания и ответы области, ни новый пароль.",
                hint="Задайте EMAIL_URL=smtp+tls://…",
                id="towns.W004",
            )
        )
    if not settings.MFA_REQUIRED:
        found.append(
            Warning(
                "Утверждающие и администраторы входят по одному паролю.",
                hint="Уберите MFA_REQUIRED=0.",
                id="towns.W005",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_address_in_letters(app_configs, **kwargs):
    """W006: letters lead to the site by its whole address, and over https where the site speaks it."""
    if not settings.SITE_URL or (settings.HTTPS and not settings.SITE_URL.startswith("https://")):
        return [
            Warning(
                "В письмах некуда вести: не задан адрес сайта с https.",
                hint="Задайте SITE_URL=https://… — без него напоминания не отправляются.",
                id="towns.W006",
            )
        ]
    return []
