from django.views.generic import TemplateView as T
SessionListView = SessionDetailView = T
