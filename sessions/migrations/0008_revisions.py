from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discussions', '0007_letters_are_held'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalproposal',
            name='answer_renewed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='когда ответили заново'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='answer_renewed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='когда ответили заново'),
        ),
    ]
