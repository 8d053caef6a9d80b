"""An obviously fake nation to measure on: `manage.py simulate`. Invented people and places, real units and region codes."""
