from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Officials get their accounts from the region's administrator: nobody signs up."""

    def is_open_for_signup(self, request):
        return False
