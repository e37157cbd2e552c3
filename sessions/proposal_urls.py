from django.urls import include, path

from sessions import views

app_name = "proposals"
of_proposals = [
    path("", views.ProposalListView.as_view(), name="proposal_list"),
    path("mine/<str:secret>/", views.MyProposalView.as_view(), name="mine"),
    path("<str:number>/", views.ProposalDetailView.as_view(), name="proposal_detail"),
]
urlpatterns = [
    path("consent/", views.ConsentView.as_view(), name="consent"),
    path("towns/<slug:slug>/propose/", views.TownProposeView.as_view(), name="propose_town"),
    path("proposals/", include(of_proposals)),
]
