from django.forms.renderers import TemplatesSetting


class SiteFormRenderer(TemplatesSetting):
    """Fields of forms are drawn by our own template: label, hint, error, input."""

    field_template_name = "includes/_field.html"

    def render(self, template_name, context, request=None):
        """A label stands above every input; a grey copy of it inside only looks like an answer already given."""
        if "widget" in context:
            context["widget"].get("attrs", {}).pop("placeholder", None)
        return super().render(template_name, context, request)
