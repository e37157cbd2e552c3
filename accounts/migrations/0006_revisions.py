import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_letters'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('municipalities', '0006_joined_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='номер записи')),
                ('words', models.JSONField(default=dict, help_text='{поле: [было, станет]}', verbose_name='слова')),
                ('reason', models.TextField(blank=True, verbose_name='почему')),
                ('drops_former', models.BooleanField(default=False, help_text='В нём чужие личные данные.', verbose_name='прежний текст не показывать')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='когда предложили')),
                ('decider', models.CharField(choices=[('admin', 'администратор региона'), ('region_editor', 'редактор региона'), ('region_approver', 'утверждающий региона'), ('municipal_head', 'глава города'), ('municipal_editor', 'редактор города'), ('wg_member', 'участник рабочей группы')], max_length=20, verbose_name='кто решает')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='когда решили')),
                ('declined_because', models.TextField(blank=True, verbose_name='почему вернули')),
                ('status', models.CharField(choices=[('proposed', 'ждёт решения'), ('accepted', 'принята'), ('declined', 'возвращена')], default='proposed', max_length=10, verbose_name='состояние')),
                ('row_version', models.PositiveIntegerField(default=1)),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='вид записи')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто решил')),
                ('municipality', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipalities.municipality', verbose_name='город')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to=settings.AUTH_USER_MODEL, verbose_name='кто предложил')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipalities.region', verbose_name='регион')),
            ],
            options={
                'verbose_name': 'правка опубликованного',
                'verbose_name_plural': 'правки опубликованного',
                'ordering': ['proposed_at', 'pk'],
                'indexes': [models.Index(fields=['content_type', 'object_id', 'status'], name='revision_by_record'), models.Index(fields=['status', 'region'], name='revision_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('content_type', 'object_id'), name='revision_waits_alone'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('status', 'proposed')), models.Q(models.Q(('status', 'proposed'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='revision_decided_on_a_day')],
            },
        ),
    ]
