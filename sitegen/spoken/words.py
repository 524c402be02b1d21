"""What signs, units and abbreviations are called when they are said."""

from __future__ import annotations

ABBREVIATIONS = {
    "APP": "手机应用",
    "CPI": "居民消费价格指数",
    "EPC": "设计施工总承包",
    "ETC": "电子收费",
    "GDP": "国内生产总值",
    "ID": "编号",
    "IC": "集成电路",
    "LED": "电子屏",
    "PDF": "电子文档",
    "PPP": "政府和社会资本合作",
    "PVC": "聚氯乙烯",
    "PE": "聚乙烯",
    "WIFI": "无线网络",
    "WI-FI": "无线网络",
}
"""Latin words in capitals → what listeners know them by. Others are said letter by letter."""

METRIC = {
    "km²": "平方公里", "km2": "平方公里", "m²": "平方米", "m2": "平方米", "㎡": "平方米", "m³": "立方米", "m3": "立方米", "㎥": "立方米",
    "km/h": "公里每小时", "km": "公里", "㎞": "公里", "kg": "公斤", "㎏": "公斤", "cm": "厘米", "㎝": "厘米", "mm": "毫米", "㎜": "毫米",
    "mg": "毫克", "㎎": "毫克", "ml": "毫升", "mL": "毫升", "ha": "公顷", "hm²": "公顷", "kWh": "度", "kW·h": "度", "kW": "千瓦",
    "MW": "兆瓦", "kV": "千伏", "MPa": "兆帕", "GB": "G字节", "MB": "兆字节", "min": "分钟", "L": "升", "g": "克", "m": "米", "t": "吨",
    "h": "小时", "V": "伏", "W": "瓦", "℃": "摄氏度", "°C": "摄氏度",
}  # fmt: skip
"""Signs of units after a figure."""

PER = (
    "平方米", "立方米", "平方公里", "工日", "人次", "学期", "公斤", "公里", "公顷", "小时", "季度", "市斤",
    "户", "人", "亩", "月", "年", "天", "日", "次", "吨", "株", "头", "只", "台", "套", "米", "度", "个", "间", "栋", "垧", "斤", "件", "张",
    "份", "床", "班", "期", "车", "里", "村", "组", "穴", "棵",
)  # fmt: skip
"""Words that may stand below the line of a rate: 元/亩, 元/人·月."""

ROMAN = dict(zip("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), strict=True))
PARTS = {"½": "二分之一", "⅓": "三分之一", "⅔": "三分之二", "¼": "四分之一", "¾": "四分之三", "⅕": "五分之一"}

SIGNS = {
    "×": "乘", "÷": "除以", "±": "正负", "≥": "大于等于", "≤": "小于等于", ">": "大于", "<": "小于", "=": "等于", "≈": "约", "&": "和",
    "+": "加", "→": "到", "@": "艾特", "$": "美元", "§": "第",
}  # fmt: skip
"""Signs that are said wherever they stand."""

TWO_IS_ER = "号月日版级组楼档期季榜队社区环等时科线班标单年级中小分"
"""Words before which 2 is 二: it names a thing there and does not count. (年 stands for 年级: 两年 is told apart.)"""
