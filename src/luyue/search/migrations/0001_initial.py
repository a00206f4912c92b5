from django.db import migrations

from luyue.search.index import create_index, drop_index


class Migration(migrations.Migration):
    initial = True
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(create_index, drop_index)]
