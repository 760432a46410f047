"""The committee, the party organizations below it in 规范排序, their branches, and the communities."""

COMMITTEE = ("committee", "中共东营市东营区委区直机关工作委员会", "东营区委区直机关工委")

# code, name without the kind, kind (c 机关党委, g 党总支, b 党支部), further short names
ORGANIZATIONS = [
    tuple(line.split("|"))
    for line in """\
party-office|区委办公室|c|区委办
discipline|区纪委监委机关|c|区纪委监委
organization|区委组织部|c|
publicity|区委宣传部|c|
united-front|区委统战部|c|
politics-law|区委政法委|c|
cyberspace|区委网信办|b|
staffing|区委编办|g|
veteran-cadres|区委老干部局|g|
party-school|区委党校|c|
inspection|区委巡察办|b|
party-history|区委党史研究中心|b|
archives|区档案馆|b|
petitions|区信访局|g|
media|区融媒体中心|c|
congress|区人大常委会机关|c|区人大机关
consultative|区政协机关|c|
court|区人民法院|c|区法院
procuratorate|区人民检察院|c|区检察院
government-office|区政府办公室|c|区政府办
reform|区发展和改革局|c|区发改局
education|区教育局|c|
science|区科学技术局|g|区科技局
industry|区工业和信息化局|c|区工信局
police|东营公安分局|c|公安分局
civil-affairs|区民政局|c|
justice|区司法局|c|
finance|区财政局|c|
labour|区人力资源和社会保障局|c|区人社局
natural-resources|自然资源和规划东营分局|c|自然资源分局
housing|区住房和城乡建设局|c|区住建局
transport|区交通运输局|c|区交通局
water|区水利局|c|
agriculture|区农业农村局|c|
commerce|区商务局|c|
culture|区文化和旅游局|c|区文旅局
health|区卫生健康局|c|区卫健局
veterans|区退役军人事务局|g|区退役军人局
emergency|区应急管理局|c|区应急局
audit|区审计局|c|
market|区市场监督管理局|c|区市场监管局
statistics|区统计局|g|
medical-insurance|区医疗保障局|g|区医保局
approval|区行政审批服务局|c|区审批局
enforcement|区综合行政执法局|c|区执法局
local-finance|区地方金融监督管理局|b|区金融监管局
big-data|区大数据中心|b|
environment|生态环境东营分局|c|生态环境分局
affairs|区机关事务服务中心|g|区机关事务中心
city|区城市管理局|c|区城管局
investment|区投资促进中心|g|区投促中心
livestock|区畜牧业发展服务中心|b|区畜牧中心
supply|区供销合作社联合社|g|区供销社
forestry|区林业发展服务中心|b|区林业中心
key-projects|区重点工程建设服务中心|g|区重点工程中心
housing-security|区住房保障服务中心|g|区住房保障中心
gardens|区园林环卫服务中心|c|区园林环卫中心
social-insurance|区社会保险服务中心|g|区社保中心
employment|区公共就业和人才服务中心|g|区就业人才中心
registry|区不动产登记中心|b|
disease-control|区疾病预防控制中心|c|区疾控中心
hospital|区人民医院|c|
teaching-research|区教育教学研究中心|b|区教研中心
fire|区消防救援大队|c|区消防大队
tax|区税务局|c|
weather|区气象局|b|
tobacco|区烟草专卖局|g|区烟草局
unions|区总工会|c|
youth-league|共青团东营区委|b|团区委
women|区妇女联合会|b|区妇联
science-association|区科学技术协会|b|区科协
commerce-federation|区工商业联合会|b|区工商联
disabled|区残疾人联合会|g|区残联
red-cross|区红十字会|b|
arts|区文学艺术界联合会|b|区文联
overseas-chinese|区归国华侨联合会|b|区侨联
social-science|区社会科学界联合会|b|区社科联""".splitlines()
]
KIND_NAMES = {"c": "机关党委", "g": "党总支", "b": "党支部"}

# organization: its branches
BRANCHES = {
    "education": ["机关第一党支部", "机关第二党支部", "学前教育党支部", "退休干部党支部"],
    "housing": ["机关党支部", "质量安全站党支部", "物业服务中心党支部"],
    "transport": ["机关党支部", "公路中心党支部", "运输中心党支部"],
    "health": ["机关党支部", "监督执法党支部", "基层卫生党支部"],
    "agriculture": ["机关党支部", "农技推广党支部", "乡村振兴服务党支部"],
    "market": ["机关党支部", "注册许可党支部", "食品安全党支部", "特种设备党支部"],
    "approval": ["机关党支部", "投资建设审批党支部", "帮办代办党支部"],
    "labour": ["机关党支部", "劳动监察党支部", "劳动仲裁党支部"],
    "court": ["立案庭党支部", "民事审判党支部", "执行局党支部"],
    "procuratorate": ["第一检察部党支部", "第三检察部党支部"],
    "police": ["机关党支部", "交警大队党支部", "户政大队党支部"],
    "party-office": ["综合党支部", "督查党支部"],
    "party-school": ["教学党支部", "行政党支部"],
    "finance": ["机关党支部", "国有资产党支部"],
    "water": ["机关党支部", "河湖管护党支部"],
    "enforcement": ["机关党支部", "直属中队党支部"],
    "city": ["机关党支部", "市政设施党支部"],
    "civil-affairs": ["机关党支部", "社会救助党支部"],
    "hospital": ["内科党支部", "外科党支部", "医技党支部", "行政后勤党支部"],
    "tax": ["机关第一党支部", "机关第二党支部", "办税服务厅党支部"],
    "industry": ["机关党支部"],
    "emergency": ["机关党支部", "应急救援党支部"],
}

# code, name, unit that leads, task, day founded, day of its end, number of the approval
EPIDEMIC_BRANCHES = [
    ("action-epidemic-1", "区直机关社区防控行动党支部", "社区网格值守和重点人员服务", "2020-02-03", 3),
    ("action-epidemic-2", "区直机关交通卡口行动党支部", "高速出口和车站查验", "2020-02-05", 4),
    ("action-epidemic-3", "区直机关企业复工行动党支部", "企业复工复产防疫指导", "2020-02-12", 6),
]
PROJECT_BRANCHES = [
    ("action-lushan", "庐山路工程建设项目行动党支部", "庐山路工程建设", "2020-06-11", 18),
    ("action-old-estates", "老旧小区改造项目行动党支部", "老旧小区改造提升", "2020-06-12", 19),
    ("action-hospital", "区人民医院扩建项目行动党支部", "区人民医院门诊综合楼扩建", "2020-06-18", 20),
    ("action-schools", "新建学校项目行动党支部", "城区中小学新建扩建", "2020-06-24", 21),
    ("action-water", "农村供水提升项目行动党支部", "农村饮水管网更新", "2020-07-08", 24),
    ("action-park", "产业园区配套项目行动党支部", "产业园区道路和管网配套", "2020-07-15", 25),
    ("action-wetland", "河道治理项目行动党支部", "城区河道生态治理", "2020-07-22", 26),
]
CURRENT_BRANCHES = [
    ("action-renewal", "城市更新片区项目行动党支部", "城市更新片区征收和安置", 31, 9),
    ("action-flood", "防汛抢险行动党支部", "汛期值守和险情处置", 152, 14),
]

STREETS = ["文汇街道", "黄河路街道", "东城街道", "辛店街道", "胜利街道", "胜园街道"]
TOWNS = ["牛庄镇", "六户镇", "史口镇", "龙居镇"]
OILFIELD_COMMUNITIES = [
    "玉景",
    "锦华",
    "辽河",
    "胜宏",
    "胜泰",
    "运河",
    "兴河",
    "金辰",
    "锦苑",
    "科苑",
    "宝安",
    "安兴",
    "锦绣",
    "瑞康",
    "春晖",
    "东凯",
    "天宁",
    "惠泽",
    "现河",
    "花园",
    "海洋",
    "嘉祥",
    "华瑞",
    "滨海",
    "钻井",
    "物华",
    "采油",
    "测井",
    "油建",
    "供水",
    "电力",
    "胜采",
    "胜南",
    "胜中",
    "胜北",
    "胜东",
    "胜建",
    "石化",
    "通讯",
    "井下",
    "地质",
    "机械",
    "西苑",
    "北苑",
    "新村",
]
TOWN_COMMUNITIES = [
    "文汇",
    "黄河",
    "东营",
    "府前",
    "广饶路",
    "新区",
    "辛店",
    "商河路",
    "云门山",
    "安泰",
    "香榭",
    "万方",
    "牛庄",
    "六户",
    "史口",
    "龙居",
]
