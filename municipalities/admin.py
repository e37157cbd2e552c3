"""The pages of regions and towns ask for roles, so they stand one floor up: `accounts/admin/places.py`."""
