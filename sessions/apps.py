from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Our strategic sessions; the label `sessions` belongs to django.contrib.sessions."""

    name = "sessions"
    label = "discussions"
    verbose_name = "Стратегические сессии"
