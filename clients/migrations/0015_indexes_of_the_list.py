from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("clients", "0014_letters_and_delays"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="treatment", name="treatment_reaches"),
        migrations.AddIndex(
            model_name="treatment",
            index=models.Index(fields=["facility", "client"], include=("episode",), name="treatment_reaches"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["opened_on"], include=("client",), name="episode_opened"),
        ),
    ]
