import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invariants'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='wants_early_reminders',
            field=models.BooleanField(default=True, verbose_name='напоминать до срока'),
        ),
        migrations.AddField(
            model_name='user',
            name='wants_publication_notices',
            field=models.BooleanField(default=True, verbose_name='писать, что отчёт опубликован'),
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('digest', 'напоминание'), ('returned', 'вернули'), ('published', 'опубликовано')], max_length=10, verbose_name='вид')),
                ('key', models.CharField(help_text='День напоминания или номер отчёта и его версия.', max_length=60, verbose_name='о чём')),
                ('day', models.DateField(verbose_name='за какой день')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='когда задумано')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='когда взято в отправку')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='когда отправлено')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='неудачных попыток')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to=settings.AUTH_USER_MODEL, verbose_name='кому')),
            ],
            options={
                'verbose_name': 'письмо',
                'verbose_name_plural': 'письма',
                'ordering': ['-day', '-pk'],
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['kind', 'day'], name='letter_unsent')],
                'constraints': [models.UniqueConstraint(fields=('user', 'kind', 'key'), name='letter_once')],
            },
        ),
    ]
