from django.urls import path

app_name = "aftercare"
urlpatterns: list[path] = []
