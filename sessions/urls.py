from django.urls import path

from sessions import views

app_name = "sessions"
urlpatterns = [
    path("", views.SessionListView.as_view(), name="session_list"),
    path("<slug:slug>/", views.SessionDetailView.as_view(), name="session_detail"),
    path("<slug:slug>/propose/", views.SessionProposeView.as_view(), name="propose"),
]
