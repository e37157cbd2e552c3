from django.contrib import messages
from django.urls import reverse_lazy
from django.views.generic import UpdateView

from accounts.forms import LettersForm
from accounts.office import OfficePage


class LetterSettingsView(OfficePage, UpdateView):
    """Which letters the person wants besides those that have to be received."""

    form_class = LettersForm
    template_name = "strategies/letter_settings.html"
    success_url = reverse_lazy("office:letters")

    def get_object(self, queryset=None):
        """Everybody sets their own."""
        return self.request.user

    def form_valid(self, form):
        """Keep the choice."""
        messages.success(self.request, "Сохранили.")
        return super().form_valid(form)
