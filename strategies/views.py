from django.views.generic import TemplateView as T
StrategyDetailView = PriorityDetailView = ProgrammeView = MeasureDetailView = T
