from django.forms.renderers import TemplatesSetting


class SiteFormRenderer(TemplatesSetting):
    """Fields of forms are drawn by our own template: label, hint, error, input."""

    field_template_name = "includes/_field.html"
