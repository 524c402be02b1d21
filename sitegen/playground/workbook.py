"""The Excel file that the player imports: as a village bookkeeper keeps it, with a title above, figures as text and a total below."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter

from sitegen.model.period import Period

_ROWS = (
    (6, "01-03", "管理费用", "村部办公用纸和打印耗材", "1,280.00", "运转经费", "村报账员"),
    (14, "01-09", "公益支出", "清运巷道垃圾3车", "2,400.00", "集体积累", "治保主任"),
    (23, "02-02", "管理费用", "村部电费", "1,136.50", "运转经费", "村报账员"),
    (37, "02-11", "公益支出", "更换路灯12盏", "3,960.00", "集体积累", "村委会副主任"),
    (52, "03-04", "公益支出", "修三组田间排水沟", "6,440.00", "集体积累", "村委会副主任"),
    (60, "03-08", "管理费用", "村部屋顶防水维修", "11,883.50", "运转经费", "村委会副主任"),
    (66, "03-12", "管理费用", "误工补贴（清雪、防火值班）", "4,150.00", "运转经费", "村报账员"),
)


def expense_book(quarter: Period, words: str) -> bytes:
    """The expenses of a quarter as XLSX; the same quarter gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": dt.datetime(2026, 1, 1)})
    sheet = book.add_worksheet("支出明细")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#EDEDED"})
    cell = book.add_format({"border": 1})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    sheet.merge_range("A1:I1", f"大河村{words}支出明细表", title)
    sheet.write("A2", "单位：大河村股份经济合作社")
    heads = ("序号", "日期", "凭证号", "收支类别", "科目", "开支项目", "支出金额（元）", "资金来源", "经办人")
    sheet.write_row(2, 0, heads, head)
    for n, (after, voucher, category, what, amount, source, who) in enumerate(_ROWS, 1):
        row = n + 2
        sheet.write_number(row, 0, n, cell)
        sheet.write_datetime(row, 1, dt.datetime.combine(quarter.start + dt.timedelta(after), dt.time()), day)
        for column, value in enumerate((voucher, "支出", category, what, amount, source, who), 2):
            sheet.write_string(row, column, value, cell)
    last = len(_ROWS) + 3
    sheet.write_string(last, 0, "合计", cell)
    sheet.write_string(last, 6, "31,250.00", cell)
    sheet.set_column("A:A", 6)
    sheet.set_column("B:E", 12)
    sheet.set_column("F:F", 30)
    sheet.set_column("G:I", 14)
    book.close()
    return out.getvalue()
