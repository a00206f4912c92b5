from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_from_settings(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now a company's Traditional name stood among its settings, where no page read it."""
    for company in apps.get_model("organization", "Company").objects.all():
        company.name_hant = company.settings.pop("name_hant", "")
        company.save(update_fields=["name_hant", "settings"])


def put_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for company in apps.get_model("organization", "Company").objects.all():
        company.settings["name_hant"] = company.name_hant
        company.save(update_fields=["settings"])


class Migration(migrations.Migration):
    dependencies = [("organization", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="name_hant",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="name in Traditional Chinese"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="company",
            name="short_name_hant",
            field=models.CharField(
                blank=True, default="", max_length=40, verbose_name="short name in Traditional Chinese"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="company",
            name="short_name_en",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="English short name"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="department",
            name="name_hant",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="name in Traditional Chinese"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="position",
            name="name_hant",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="name in Traditional Chinese"),
            preserve_default=False,
        ),
        migrations.RunPython(take_from_settings, put_back),
    ]
