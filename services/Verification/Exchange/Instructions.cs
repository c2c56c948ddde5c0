using CarbonMarket.Verification.Evidence;

namespace CarbonMarket.Verification.Exchange;

/// <summary>The first sheet of a workbook: how the others are filled in, in both languages.</summary>
internal static class Instructions
{
    private static readonly string[] Lines =
    [
        "Monthly evidence of a year (月度信息化存证)",
        "Fill in the sheets, Files and Figures at least, and send the workbook to …/evidence/{year}/workbook. It is taken whole or not at all; every fault is named with its cell.",
        "Files: one row for each file of each month, with the SHA-256 it is kept under, its name and its kind: " + Words.OneOf<EvidenceKind>(),
        "Of a calibration certificate the columns calibration.… say instrument, days (2026-01-31) and error found; of a laboratory's report the columns test.… say laboratory, mark ("
        + Words.OneOf<LabMark>() + "), basis (" + Words.OneOf<SampleBasis>() + ") and days. Both may be left out.",
        "Figures: one row for each month, stream and input of the quality-control plan. Fill in value and evidence: the name or the SHA-256 of a file of that month. "
        + "The unit may be another one of the same kind.",
        "Units: one row for each generating unit of the plan in each month: generation, heat supplied, heat of the boiler, running hours, load factor in percent, and a file "
        + "of that month. The sheet may stay empty.",
        "Stocks: one row for each month, stream and input whose stock book is kept: what lay there when the month began, came, was sold and lies there at its end, and a file "
        + "of that month. The sheet may stay empty.",
        "CrossReadings: one row for each figure that statistics, an invoice, the grid's settlement or the control system tells as well: the code of the stream or generating "
        + "unit, the input (of a generating unit generationMwh or heatSuppliedGj), the source, its value and a file of that month. The sheet may stay empty.",
        "Months without any value, evidence or file are left as they are. Files and figures of a month replace what was filed for it before.",
        "Numbers have digits 0-9 and a point; no thousands separators and no formulas. Text that begins with = + - @ or ' is written with one more ' before it.",
        "The columns title, lowest, highest and methodUnit are for reading only.",
        "填写“Files”和“Figures”两张表后，将工作簿提交至 …/evidence/{year}/workbook。整份接收或整份退回；每个错误均指明单元格。",
        "Files：每月每个文件一行，填写存证时的 SHA-256、文件名和类别。",
        "检定或校准证书填写 calibration.… 各列（计量器具、日期（如 2026-01-31）、实际误差）；检测报告填写 test.… 各列（检测机构、资质标志、基准、采样和检测日期）。均可不填。",
        "Figures：质量控制方案中每月、每个排放源、每个参数一行。填写 value（数值）和 evidence（当月文件的文件名或 SHA-256）。单位可改用同类单位。",
        "Units：质量控制方案中每台发电机组每月一行：发电量、供热量、锅炉产热量、运行小时数、负荷率（%）和当月文件。可不填写。",
        "Stocks：有购销存台账的，每月、每个排放源、每个参数一行：期初库存、购入量、外销量、期末库存和当月文件。可不填写。",
        "CrossReadings：统计报表、发票、电网结算单或 DCS 也有记录的数据，每个来源一行：排放源或机组代码、参数（机组为 generationMwh 或 heatSuppliedGj）、来源、数值和当月文件。可不填写。",
        "未填写任何数值、证据或文件的月份保持不变；某月的文件和数值将替换该月此前提交的内容。",
        "数字只用 0-9 和小数点，不用千位分隔符和公式。以 = + - @ 或 ' 开头的文本，前面再加一个 '。",
        "title、lowest、highest、methodUnit 列仅供参考。",
    ];

    public static readonly Sheet Sheet = new(YearSheets.Instructions, [.. Lines.Select((line, index) => new SheetRow(index + 1, [new Cell(line)]))]);
}
