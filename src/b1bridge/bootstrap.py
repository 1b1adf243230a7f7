"""The one place that chooses concrete things."""
