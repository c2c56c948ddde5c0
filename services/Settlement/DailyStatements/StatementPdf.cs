using System.Globalization;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Postings;
using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Pdf;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>A statement as it is printed, in English and Chinese; times in the market's own zone.</summary>
internal sealed class StatementPdf(PolicyPack pack) : IDisposable
{
    private const double Margin = 36;
    private const double LineHeight = 13;
    private static readonly XFont Plain = new(StatementFont.Family, 8);
    private static readonly XFont Title = new(StatementFont.Family, 14);
    private static readonly XFont Heading = new(StatementFont.Family, 10);

    private readonly PdfDocument _document = new();
    private XGraphics? _page;
    private double _y;

    public static byte[] Of(DailyStatement statement, PolicyPack pack)
    {
        using var pdf = new StatementPdf(pack);
        pdf.Write(statement);
        pdf._page?.Dispose();
        using var bytes = new MemoryStream();
        pdf._document.Save(bytes);
        return bytes.ToArray();
    }

    public void Dispose()
    {
        _page?.Dispose();
        _document.Dispose();
    }

    private void Write(DailyStatement statement)
    {
        _document.Info.Title = $"Daily statement 结算单 {statement.Number} {statement.TradingDay:O}";
        Say(Title, $"Daily statement 结算单 · {statement.TradingDay:O}");
        Say(Plain, $"{pack.Name} · {pack.NameZh}");
        Say(Plain, $"Account 交易账户 {statement.Number} · Participant 登记主体 {statement.ParticipantId}");
        Say(Plain, $"Journal 账簿版本 {statement.FromVersion + 1}-{statement.ThroughVersion} · Currency 币种 {statement.Currency}");
        Say(Plain, $"Objections until 异议截止 {Time(statement.ObjectionsUntil)}; silence is acceptance 逾期未提出视为认可");
        Balances("Opening balances 期初余额", statement.Opening);
        Table("Totals by type 分类合计", [90, 280, 390, 500], ["Type 业务类型", "Asset 品种", "In 增加", "Out 减少"],
            statement.Totals.Select(total => (string[])[Name(total.Type), Asset(total.Asset), Amount(total.Asset, total.In), Amount(total.Asset, total.Out)]));
        Table("Entries 明细", [0, 90, 290, 380, 470, 540, 630, 690],
            ["Time 时间", "Type 业务类型", "Instrument 品种", "Units in/out 数量", "Price 价格", "Cash in/out 资金", "Fee 手续费", "Cash after 余额"],
            statement.Lines.Select(line => (string[])
            [
                Time(line.At), Name(line.Type), line.Instrument ?? string.Empty, Signed(line.UnitsIn.Value, line.UnitsOut.Value),
                line.PriceMinor is { } price ? Cash(price.MinorPerUnit) : string.Empty, SignedCash(line.CashInMinor.Minor, (line.CashOutMinor - line.FeeMinor).Minor),
                line.FeeMinor.IsZero ? string.Empty : Cash(line.FeeMinor.Minor),
                line.CashAfterMinor is { } after ? Cash(after.Minor) : string.Empty,
            ]));
        if (statement.Next is not null)
            Say(Plain, $"The first {statement.Lines.Count}; all of them are in the CSV. 仅列前 {statement.Lines.Count} 笔，全部明细见 CSV 文件。");
        if (statement.Undelivered.Count > 0)
            Table("Trades not delivered 未完成交收", [0, 90, 200, 290, 380], ["Trade 成交序号", "Side 方向", "Units 数量", "Cash 资金", "Reason 原因"],
                statement.Undelivered.Select(trade => (string[])
                [
                    trade.TradeSequence.ToString(CultureInfo.InvariantCulture), trade.Bought ? "bought 买入" : "sold 卖出",
                    $"{trade.Quantity} {trade.Instrument}", Cash(trade.CashMinor.Minor),
                    trade.Code + (trade.Failed ? " (failed 失败)" : " (tried again 待重试)"),
                ]));
        Balances("Closing balances 期末余额", statement.Closing);
    }

    private void Balances(string heading, IReadOnlyList<AssetBalance> balances) => Table(
        heading, [90, 280, 390], ["Asset 品种", "Vintage 年份", "Balance 余额"],
        balances.Select(held => (string[])[Asset(held.Asset), held.Vintage is { } vintage ? $"{vintage}" : string.Empty, Amount(held.Asset, held.Balance)]));

    private void Table(string heading, double[] columns, string[] titles, IEnumerable<string[]> rows)
    {
        _y += LineHeight / 2;
        Say(Heading, heading);
        Row(columns, titles);
        foreach (var row in rows)
            Row(columns, row);
    }

    private void Say(XFont font, string text)
    {
        Advance().DrawString(text, font, XBrushes.Black, Margin, _y);
        _y += font.Size / 2;
    }

    private void Row(double[] columns, string[] cells)
    {
        var page = Advance();
        foreach (var (column, cell) in columns.Zip(cells))
            page.DrawString(cell, Plain, XBrushes.Black, Margin + column, _y);
    }

    /// <summary>The next line, on a new page where the old one is full.</summary>
    private XGraphics Advance()
    {
        _y += LineHeight;
        if (_page is null || _y > _page.PageSize.Height - Margin)
        {
            _page?.Dispose();
            var page = _document.AddPage();
            (page.Size, page.Orientation) = (PageSize.A4, PageOrientation.Landscape);
            (_page, _y) = (XGraphics.FromPdfPage(page), Margin + LineHeight);
        }
        return _page;
    }

    private string Name(string type) => pack.Registry.TransactionType(type) is { } known ? $"{known.Name} {known.NameZh}" : type;

    private static string Asset(string asset) => asset == Movement.Cash ? "Cash 资金" : asset;

    private string Amount(string asset, long amount) => asset == Movement.Cash ? Cash(amount) : Units(amount);

    private static string Units(long units) => units.ToString("N0", CultureInfo.InvariantCulture);

    private static string Signed(long gained, long given) => gained > 0 ? $"+{Units(gained)}" : given > 0 ? $"-{Units(given)}" : string.Empty;

    private string SignedCash(long gained, long given) => gained > 0 ? $"+{Cash(gained)}" : given > 0 ? $"-{Cash(given)}" : string.Empty;

    /// <summary>Major units and what is left of them: 1,234.05.</summary>
    private string Cash(long minor)
    {
        var (major, rest) = Math.DivRem(minor, pack.Currency.MinorUnits);
        var digits = pack.Currency.MinorUnits.ToString(CultureInfo.InvariantCulture).Length - 1;
        return digits == 0 ? Units(major) : $"{Units(major)}.{rest.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')}";
    }

    private string Time(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTimeBySystemTimeZoneId(at, pack.TimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
