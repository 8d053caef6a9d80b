from django.urls import path

from assessments.views import alerts, assessments, facts, fill, plans, results, severities, tat, texts

app_name = "assessments"
urlpatterns = [
    path("klien/<str:code>/asesmen/", assessments.choose, name="choose"),
    path("klien/<str:code>/asesmen/<slug:instrument>/", assessments.start, name="start"),
    path("klien/<str:code>/enam-fakta/", facts.record, name="facts"),
    path("asesmen/<int:pk>/", fill.fill, name="fill"),
    path("asesmen/<int:pk>/simpan/", fill.save, name="save"),
    path("asesmen/<int:pk>/buang/", assessments.discard, name="discard"),
    path("asesmen/<int:pk>/pulihkan/", assessments.restore, name="restore"),
    path("asesmen/<int:pk>/hasil/", results.result, name="result"),
    path("asesmen/<int:pk>/lembar/", results.feedback, name="feedback"),
    path("asesmen/<int:pk>/formulir/", results.form, name="form"),
    path("asesmen/<int:pk>/keparahan/", severities.rate, name="severities"),
    path("asesmen/<int:pk>/perbaiki/", results.correct, name="correct"),
    path("layanan/<int:pk>/rencana-asesmen/", plans.draft, name="draft_plan"),
    path("peringatan/", alerts.listing, name="alerts"),
    path("peringatan/jumlah/", alerts.count, name="alert_count"),
    path("peringatan/<int:pk>/", alerts.alert, name="alert"),
    path("peringatan/<int:pk>/ambil/", alerts.take, name="take_alert"),
    path("klien/<str:code>/peringatan/", alerts.of_client, name="client_alerts"),
    path("teks-instrumen/", texts.listing, name="texts"),
    path("teks-instrumen/muat/", texts.load, name="load_text"),
    path("teks-instrumen/<int:pk>/tarik/", texts.withdraw, name="withdraw_text"),
    path("tat/", tat.cases, name="tat_list"),
    path("tat/baru/", tat.open_case, name="tat_open"),
    path("tat/<str:code>/", tat.case, name="tat_case"),
    path("tat/<str:code>/identitas/", tat.reveal, name="tat_reveal"),
    path("tat/<str:code>/surat/", tat.letter, name="tat_letter"),
    path("tat/<str:code>/tolak/", tat.refuse, name="tat_refuse"),
]
