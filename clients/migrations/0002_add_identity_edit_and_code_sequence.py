from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]

    operations = [
        migrations.AddField(model_name="identity", name="edit", field=models.PositiveIntegerField(default=1)),
        migrations.AddField(model_name="identityevent", name="edit", field=models.PositiveIntegerField(default=1)),
        # Client codes (clients/codes.py): an end of the room is an error, never a code given twice.
        migrations.RunSQL(
            "CREATE SEQUENCE clients_code MINVALUE 0 START 0 MAXVALUE 9999999 NO CYCLE", "DROP SEQUENCE clients_code"
        ),
    ]
