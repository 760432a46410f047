from collections import defaultdict

import django.db.models.functions.text
from django.core.management.base import CommandError
from django.db import migrations, models

from units.folding import account_name


def fold_names(apps, schema_editor):
    """Store each name as it is asked for at the log-in; say which would then be the same, and change nothing."""
    User = apps.get_model("units", "User")
    names, bearers = {}, defaultdict(list)
    for pk, username in User.objects.order_by("username").values_list("pk", "username"):
        names[pk] = username, account_name(username)
        bearers[account_name(username).lower()].append(username)
    doubles = ["、".join(same) for same in bearers.values() if len(same) > 1]
    if doubles:
        raise CommandError(
            f"这些账号只有大小写或全角半角不同，无法升级：{'；'.join(doubles)}。"
            "请逐个改名后再升级：manage.py rename_account 旧账号 新账号 --reason 理由"
        )
    for pk, (stored, folded) in names.items():
        if stored != folded:
            User.objects.filter(pk=pk).update(username=folded)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("units", "0006_sought"),
    ]

    operations = [
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="auditentry",
            name="event",
            field=models.CharField(
                choices=[
                    ("logged_in", "登录"),
                    ("login_failed", "登录失败"),
                    ("logged_out", "退出"),
                    ("password_changed", "修改密码"),
                    ("password_reset", "重置密码"),
                    ("factor_added", "启用两步验证"),
                    ("factor_removed", "停用两步验证"),
                    ("account_created", "新建账号"),
                    ("account_changed", "修改账号"),
                    ("account_renamed", "更改账号名"),
                    ("account_disabled", "停用账号"),
                    ("account_enabled", "启用账号"),
                    ("post_granted", "授予岗位"),
                    ("post_confirmed", "确认岗位"),
                    ("post_refused", "不予确认岗位"),
                    ("post_ended", "结束岗位"),
                    ("unit_created", "新建党组织"),
                    ("unit_changed", "修改党组织"),
                    ("unit_closed", "撤销党组织"),
                    ("unit_moved", "调整隶属关系"),
                    ("roster_imported", "导入名册"),
                    ("units_imported", "导入党组织"),
                    ("calendar_changed", "修改工作日历"),
                    ("activity_logged", "登记服务记录"),
                    ("activity_changed", "修改服务记录"),
                    ("activity_sent", "报送服务记录"),
                    ("activity_reviewed", "审核服务记录"),
                    ("activity_returned", "退回服务记录"),
                    ("activity_deleted", "删除服务记录"),
                    ("activity_imported", "导入服务记录"),
                    ("activity_import_undone", "撤销导入服务记录"),
                    ("register_entered", "登记台账"),
                    ("register_changed", "修改台账"),
                    ("register_sent", "报送台账"),
                    ("register_reviewed", "审核台账"),
                    ("register_returned", "退回台账"),
                    ("register_deleted", "删除台账"),
                    ("register_imported", "导入台账"),
                    ("register_import_undone", "撤销导入台账"),
                    ("year_closed", "年度统计截止"),
                    ("task_set", "登记行动任务"),
                    ("task_changed", "修改行动任务"),
                    ("campaign_created", "新建年度活动"),
                    ("campaign_changed", "修改年度活动"),
                    ("campaign_opened", "启动年度活动"),
                    ("deadline_extended", "延长期限"),
                    ("rule_changed", "修改评分规则"),
                    ("rule_locked", "锁定评分规则"),
                    ("nomination_started", "新建申报"),
                    ("nomination_sent", "报单位审核"),
                    ("nomination_sent_back", "单位退回修改"),
                    ("nomination_submitted", "提交申报"),
                    ("nomination_withdrawn", "撤回申报"),
                    ("nomination_lapsed", "逾期视为撤回"),
                    ("partner_invited", "邀请联合申报"),
                    ("partner_confirmed", "确认联合申报"),
                    ("partner_declined", "谢绝联合申报"),
                    ("partner_removed", "取消联合申报"),
                    ("attachment_added", "上传附件"),
                    ("attachment_removed", "移除附件"),
                    ("attachment_read", "下载附件"),
                    ("screening_checked", "登记审查意见"),
                    ("decision_prepared", "拟定审查结论"),
                    ("decision_discarded", "取消拟定结论"),
                    ("decisions_released", "统一下达结论"),
                    ("nomination_qualified", "资格合格"),
                    ("nomination_returned", "退回补正"),
                    ("nomination_refused", "不予受理"),
                    ("blind_confirmed", "确认附件可盲评"),
                    ("reviewer_added", "列入评委库"),
                    ("reviewer_changed", "修改评委信息"),
                    ("reviewers_imported", "导入评委库"),
                    ("panel_drawn", "抽取评委"),
                    ("panel_changed", "调整评审组"),
                    ("entries_assigned", "分配评审"),
                    ("panel_opened", "启动评审"),
                    ("panel_closed", "关闭评审"),
                    ("panel_reopened", "启动补评"),
                    ("reviewer_recused", "评委回避"),
                    ("sheet_handed_in", "提交评分表"),
                    ("sheet_abstained", "弃评"),
                    ("sheet_skipped", "跳过"),
                    ("sheet_voided", "评分表作废"),
                    ("ranking_frozen", "冻结排名"),
                    ("shortlist_released", "下达入围名单"),
                    ("meeting_called", "安排会议"),
                    ("meeting_changed", "登记会议情况"),
                    ("list_decided", "审定名单"),
                    ("notice_drafted", "起草公示"),
                    ("notice_changed", "修改公示"),
                    ("notice_published", "发布公示"),
                    ("notice_details_withdrawn", "撤下公示详情"),
                    ("notice_exported", "导出公示页面"),
                    ("results_exported", "导出结果页面"),
                    ("objection_filed", "收到异议"),
                    ("objection_taken", "接办异议"),
                    ("objection_accepted", "受理异议"),
                    ("objection_refused", "不予受理异议"),
                    ("objection_extended", "异议核查延期"),
                    ("objection_ruled", "异议裁定"),
                    ("objection_contacts_removed", "删除异议人信息"),
                    ("nomination_suspended", "暂停公示项目"),
                    ("nomination_resumed", "恢复公示项目"),
                    ("nomination_moved_up", "依次递补"),
                    ("results_announced", "公布结果"),
                    ("certificate_issued", "颁发证书"),
                    ("result_revoked", "撤销入选"),
                    ("past_result_entered", "补录往年结果"),
                    ("past_results_imported", "导入往年结果"),
                    ("personal_data_read", "查看个人信息"),
                    ("exported", "导出"),
                    ("log_read", "查阅日志"),
                    ("record_downloaded", "下载评分记录"),
                ],
                max_length=40,
                verbose_name="事项",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="username_in_any_case",
                violation_error_message="这个账号已被使用（大小写不同也算同一个），请换一个。",
            ),
        ),
    ]
