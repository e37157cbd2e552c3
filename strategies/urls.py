from django.urls import path

from strategies import views

app_name = "strategies"
urlpatterns = [
    path("towns/<slug:slug>/strategy/", views.StrategyDetailView.as_view(), name="strategy_detail"),
    path("priorities/<int:pk>/", views.PriorityDetailView.as_view(), name="priority_detail"),
    path("programme/", views.ProgrammeView.as_view(), name="programme"),
    path("measures/<int:pk>/", views.MeasureDetailView.as_view(), name="measure_detail"),
]
