from django.urls import path

from sessions import views

app_name = "proposals"
urlpatterns = [
    path("<str:number>/", views.ProposalDetailView.as_view(), name="proposal_detail"),
]
