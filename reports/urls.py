from django.urls import path

from reports.figure_urls import patterns as figure_patterns
from reports.target_urls import patterns as target_patterns
from reports.views import (
    dashboard,
    figures,
    members,
    recap,
    release,
    report_files,
    report_notes,
    reports,
    runs,
    workflow,
)

app_name = "reports"
urlpatterns = [
    *target_patterns,
    path("capaian/", dashboard.dashboard, name="dashboard"),
    path("capaian/<str:code>/<int:year>/", dashboard.unit, name="unit"),
    *figure_patterns,
    path("capaian/<str:code>/<int:year>/belum-dihitung/", members.uncounted, name="uncounted"),
    path("capaian/<str:code>/<int:year>/<slug:indicator>/", members.listing, name="members"),
    path("angka-terbit/", figures.listing, name="figures"),
    path("angka-terbit/unggah/", figures.upload, name="upload_figures"),
    path("periksa-rilis/", release.check, name="release"),
    path("laporan/", reports.listing, name="list"),
    path("laporan/buat/", reports.ask, name="ask"),
    path("laporan/rekap/<int:year>/", recap.page, name="recap"),
    path("laporan/rekap/<int:year>/pdf/", recap.pdf, name="recap_pdf"),
    path("laporan/rekap/<int:year>/xlsx/", recap.xlsx, name="recap_xlsx"),
    path("laporan/buat/semua/", runs.ask, name="ask_tree"),
    path("laporan/putaran/<int:pk>/", runs.show, name="run"),
    path("laporan/putaran/<int:pk>/kemajuan/", runs.progress, name="run_progress"),
    path("laporan/putaran/<int:pk>/ulang/", runs.again, name="run_again"),
    path("laporan/<int:pk>/", reports.show, name="report"),
    path("laporan/<int:pk>/kemajuan/", reports.progress, name="report_progress"),
    path("laporan/<int:pk>/sekarang/", reports.compare, name="report_changes"),
    path("laporan/<int:pk>/sejak-segel/", reports.since, name="report_since"),
    path("laporan/<int:pk>/hitung-ulang/", workflow.rebuild, name="rebuild_report"),
    path("laporan/<int:pk>/ajukan/", workflow.take, {"to": "submitted"}, name="submit_report"),
    path("laporan/<int:pk>/kembalikan/", workflow.take, {"to": "returned"}, name="return_report"),
    path("laporan/<int:pk>/setujui/", workflow.take, {"to": "approved"}, name="approve_report"),
    path("laporan/<int:pk>/segel/", workflow.take, {"to": "sealed"}, name="seal_report"),
    path("laporan/<int:pk>/revisi/", workflow.revise, name="revise_report"),
    path("laporan/<int:pk>/pdf/", report_files.pdf, name="report_pdf"),
    path("laporan/<int:pk>/xlsx/", report_files.xlsx, name="report_xlsx"),
    path("laporan/catatan/<int:pk>/", report_notes.notes, name="report_notes"),
]
