from django.db import migrations, models

KINDS = [
    ("no_measure", "на приоритет не отвечает ни одна мера"),
    ("not_agreed", "мера есть, но обеими сторонами не подтверждена"),
    ("no_town", "мера не отвечает ни на один приоритет"),
    ("no_money", "у меры нет денег"),
    ("no_date", "у меры нет срока"),
    ("no_owner", "за меру никто не отвечает лично"),
]


class Migration(migrations.Migration):
    dependencies = [("strategies", "0010_promised_year")]

    operations = [
        migrations.AlterField(name, "kind", models.CharField("какой пробел", choices=KINDS, max_length=10))
        for name in ("gapanswer", "historicalgapanswer")
    ]
