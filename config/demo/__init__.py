"""Sample people and records for a try-out: what cannot be real, every row marked `is_sample`."""
