"""Carries out what was promised: claims deliveries, writes each once, looks where an outcome is unknown, puts right."""
