from django.urls import include, path

from sessions.views.mine import ConsentView, MyProposalView
from sessions.views.proposal import ProposalDetailView, ProposalListView
from sessions.views.propose import TownProposeView

app_name = "proposals"
of_proposals = [
    path("", ProposalListView.as_view(), name="proposal_list"),
    path("mine/<str:secret>/", MyProposalView.as_view(), name="mine"),
    path("<str:number>/", ProposalDetailView.as_view(), name="proposal_detail"),
]
urlpatterns = [
    path("consent/", ConsentView.as_view(), name="consent"),
    path("towns/<slug:slug>/propose/", TownProposeView.as_view(), name="propose_town"),
    path("proposals/", include(of_proposals)),
]
