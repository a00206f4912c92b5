import django.db.models.deletion
from django.db import migrations, models

from luyue.ledger import append_only


class Migration(migrations.Migration):
    """Entries point at records and records at entries, so this pointer comes after both tables; the triggers come last.

    Whoever regenerates records.0001_initial lets it depend on ledger.0001_initial: makemigrations writes ledger's newest.
    """

    dependencies = [
        ('ledger', '0001_initial'),
        ('records', '__first__'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='record',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='records.record'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['record', 'sequence'], name='entry_record'),
        ),
        migrations.RunPython(append_only.impose_by_migration, append_only.lift_by_migration),
    ]
