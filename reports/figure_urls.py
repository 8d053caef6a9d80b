"""Addresses of the cards of the page of figures, the lists behind them and what is taken out of the house."""

from django.urls import path

from reports.views import cards, exports, jumps

patterns = [
    path("capaian/<str:code>/<int:year>/kartu/<slug:key>/", cards.card, name="card"),
    path("capaian/<str:code>/<int:year>/alur/<slug:step>/", cards.funnel_step, name="funnel_step"),
    path("capaian/<str:code>/<int:year>/lonjakan/", jumps.queue, name="jumps"),
    path("capaian/<str:code>/<int:year>/lonjakan/jelaskan/", jumps.explain, name="explain_jump"),
    path("capaian/<str:code>/<int:year>/unduh/", exports.figures, name="figures_xlsx"),
    path("capaian/<str:code>/<int:year>/<slug:indicator>/unduh/", exports.members, name="export_members"),
]
