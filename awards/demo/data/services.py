"""What the organizations log: kind, subject, whom it served. `|v` marks volunteering."""

# Work of any year.
COMMON = """\
enterprise|企业政策明白卡上门解读|规上企业
enterprise|融资担保政策送上门|小微企业
enterprise|用工需求对接座谈|用工紧缺企业
enterprise|安全生产许可延期提醒|危化企业
enterprise|外贸企业单证变更辅导|外贸企业
enterprise|知识产权质押融资宣讲|科技企业
enterprise|餐饮经营许可现场咨询|餐饮经营户
enterprise|个体工商户转型升级辅导|个体户
enterprise|企业党组织规范化指导|非公企业
enterprise|节能技术改造会商|用能企业
enterprise|信用修复辅导|失信修复企业
enterprise|增资扩产审批会商|装备企业
project|重点项目现场办公|在建项目
project|施工许可并联办理|新开工项目
project|项目用地手续会办|拟开工项目
project|水电气热联合报装勘验|工业厂房项目
project|项目竣工联合验收|民生项目
project|杆线迁改现场协调|道路项目
project|项目建设单位座谈会|在建项目
project|汛期工地安全检查指导|在建项目
project|招商项目落地调度|签约项目
project|重点项目节点会商|重点项目
grassroots|社区工作者业务培训|社区工作者
grassroots|下派人员月度工作交流|镇街、村居
grassroots|镇街业务窗口跟班学习|镇街工作人员
grassroots|基层党支部规范化指导|村居党支部
grassroots|与共建社区召开需求对接会|共建社区
grassroots|村级帮办代办点巡回指导|村居
grassroots|协助镇街梳理高频事项清单|镇街
grassroots|基层调研和“金点子”征集|镇街、村居
grassroots|农技人员包村指导|种植村
grassroots|基层矛盾纠纷联合会商|镇街
people|“爱老助学”志愿服务日|社区老人和学生|v
people|“代表护学路”志愿执勤|学生和家长|v
people|困难家庭走访|困难家庭|v
people|社区环境卫生清洁行动|社区居民|v
people|文明交通劝导|过往群众|v
people|义诊和健康咨询|社区居民|v
people|防范非法集资宣传|社区居民|v
people|“家长学校”社区课堂|社区家庭|v
people|法律咨询进社区|社区居民|v
people|垃圾分类入户宣传|社区居民|v
people|河道清洁护水行动|沿河居民|v
people|图书漂流和课业辅导|社区儿童|v
people|反诈宣传进小区|社区居民|v
people|残疾人证换领集中服务|残疾居民
people|医保异地就医备案帮办|社区居民
people|社保资格上门认证|高龄老人
people|民生政策“板凳课”|村民
people|群众诉求现场答复日|来访群众""".splitlines()

# What only 2020 had.
IN_2020 = """\
enterprise|复工复产防疫指导|规上企业
enterprise|防疫物资调配上门服务|复工企业
enterprise|复工企业用工包车对接|用工企业
enterprise|社保缓缴和稳岗补贴辅导|中小企业
project|复工工地疫情防控检查|在建项目
project|庐山路工程征迁现场协调|沿线业主
project|“九大集中攻坚”项目会商|重点项目
grassroots|下沉社区疫情防控值守|油田移交社区|v
grassroots|油田移交社区交接对接会|油田移交社区
grassroots|脱贫攻坚结对帮扶走访|脱贫户
people|小区卡口值守和代买代送|封控楼栋居民|v
people|返乡人员健康随访|返乡人员|v
people|疫情期间心理关爱热线|社区居民|v
people|脱贫户消费帮扶行动|脱贫户|v""".splitlines()

# What was said about it, by kind; {target}, {place}.
SUMMARIES = {
    "enterprise": [
        "到{place}走访{target}，逐户了解生产经营情况，政策当面讲清，能办的事项当场办结，需要协调的列单交办。",
        "组织业务骨干与{target}座谈，对照政策清单逐项核对，现场辅导材料准备，约定回访时间。",
        "针对{target}集中反映的问题开展专题服务，一户一策提出办理意见，明确责任人和时限。",
    ],
    "project": [
        "在{place}召开现场会，对照节点计划逐项核对进度，会商难点，当场明确责任单位和完成时间。",
        "党员突击队到{place}现场服务，协调手续办理和施工交叉，问题列入清单逐日跟踪。",
        "邀请建设、施工、监理单位共同会商，梳理制约进度的事项，形成会议备忘并逐项督办。",
    ],
    "grassroots": [
        "到{place}面对面指导，结合实际案例讲解，解答基层提出的问题，带回需上级协调的事项。",
        "组织业务人员下沉{place}，与基层人员同岗工作，梳理流程，交流办法，留下操作手册。",
        "与{place}共同梳理需求、资源、项目清单，商定共建事项和时间，明确双方责任人。",
    ],
    "people": [
        "党员志愿者在{place}为{target}提供服务，现场登记需求，能办的马上办，办不了的带回答复。",
        "组织党员到{place}开展服务，入户了解{target}的困难，逐户登记并商定办理时间。",
        "结合主题党日在{place}集中服务，发放明白纸，解答咨询，征求意见建议。",
    ],
}
OUTCOMES = {
    "enterprise": ["诉求全部答复，已办结事项经回访确认。", "问题清单已交办，未办结事项明确时限。"],
    "project": ["节点按计划推进，制约事项逐项销号。", "现场会明确的事项按期完成。"],
    "grassroots": ["基层反映的问题已答复，操作手册留存备用。", "共建事项列入清单，按月对账。"],
    "people": ["登记事项逐件回访，居民反映良好。", "现场能办的当场办结，其余三个工作日内答复。"],
}
ENTERPRISES = [
    "石油装备企业", "新材料企业", "食品加工企业", "冷链物流企业", "建筑施工企业", "软件服务企业",
    "橡胶制品企业", "农产品加工企业", "商贸流通企业", "检验检测机构",
]  # fmt: skip
PROJECTS = [
    "庐山路工程建设项目", "老旧小区改造项目", "高端装备产业园项目", "新建学校项目", "门诊综合楼扩建项目",
    "河道治理项目", "冷链物流中心项目", "农村供水提升项目",
]  # fmt: skip
