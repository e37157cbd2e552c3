from django.views.generic import TemplateView as T
healthz = robots = after_login = bad_request = permission_denied = page_not_found = server_error = lambda r, *a, **k: None
HomeView = MunicipalityListView = MunicipalityDetailView = AboutView = ReadingPreferencesView = T
