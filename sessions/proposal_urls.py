from django.urls import path

from sessions import views

app_name = "proposals"
urlpatterns = [
    path("", views.ProposalListView.as_view(), name="proposal_list"),
    path("<str:number>/", views.ProposalDetailView.as_view(), name="proposal_detail"),
]
