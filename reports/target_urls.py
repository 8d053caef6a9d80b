"""Addresses of targets, budgets and early warnings; they come before those whose last part may be any indicator."""

from django.urls import path

from reports.views import alerts, budgets, cascade, target_table, targets

patterns = [
    path("capaian/<str:code>/<int:year>/peringatan/", alerts.listing, name="alerts"),
    path("target/<str:code>/<int:year>/", targets.listing, name="targets"),
    path("target/<str:code>/<int:year>/tabel/", target_table.table, name="target_table"),
    path("target/<str:code>/<int:year>/xlsx/", target_table.workbook, name="target_workbook"),
    path("target/<str:code>/<int:year>/unggah/", target_table.upload, name="upload_targets"),
    path("target/<str:code>/<int:year>/turunan/", cascade.overview, name="cascade"),
    path("target/<str:code>/<int:year>/turunan/<slug:indicator>/", cascade.share_out, name="cascade_share"),
    path("target/<str:code>/<int:year>/<slug:indicator>/", targets.target, name="target"),
    path("anggaran/<str:code>/<int:year>/", budgets.listing, name="budgets"),
    path("anggaran/<str:code>/<int:year>/tabel/", budgets.table, name="budget_table"),
    path("anggaran/<str:code>/<int:year>/xlsx/", budgets.workbook, name="budget_workbook"),
    path("anggaran/<str:code>/<int:year>/unggah/", budgets.upload, name="upload_budgets"),
    path("anggaran/<str:code>/<int:year>/<int:pk>/", budgets.activity, name="budget"),
]
