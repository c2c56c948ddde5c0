using System.Globalization;
using CarbonMarket.Settlement.Postings;
using CsvHelper;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>A statement as a table: what the account had, what happened, what it has; amounts of cash in minor units.</summary>
internal static class StatementCsv
{
    /// <param name="isFirst">The page with the opening balances.</param>
    public static string Of(DailyStatement statement, bool isFirst)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text))
        {
            csv.WriteRecord([
                "row", "version", "at", "type", "transactionId", "asset", "vintage", "unitsIn", "unitsOut", "priceMinor", "cashInMinor", "cashOutMinor",
                "unitsAfter", "cashAfterMinor", "code", "feeMinor",
            ]);
            if (isFirst)
                Balances(csv, "opening", statement.Opening);
            foreach (var line in statement.Lines)
                csv.WriteRecord([
                    "entry", Text(line.Version), line.At.ToString("O"), line.Type, Text(line.TransactionId), line.Instrument ?? Movement.Cash, string.Empty,
                    Text(line.UnitsIn), Text(line.UnitsOut), Text(line.PriceMinor?.MinorPerUnit), Text(line.CashInMinor.Minor), Text(line.CashOutMinor.Minor),
                    Text(line.UnitsAfter), Text(line.CashAfterMinor?.Minor), string.Empty, Text(line.FeeMinor.Minor),
                ]);
            if (statement.Next is null)
            {
                Undelivered(csv, statement.Undelivered);
                Balances(csv, "closing", statement.Closing);
            }
        }
        return text.ToString();
    }

    private static void Balances(CsvWriter csv, string row, IReadOnlyList<AssetBalance> balances)
    {
        foreach (var (asset, vintage, balance) in balances)
            csv.WriteRecord([
                row, string.Empty, string.Empty, string.Empty, string.Empty, asset, Text(vintage), string.Empty, string.Empty, string.Empty, string.Empty,
                string.Empty, vintage is null ? string.Empty : Text(balance), vintage is null ? Text(balance) : string.Empty, string.Empty, string.Empty,
            ]);
    }

    private static void Undelivered(CsvWriter csv, IReadOnlyList<UndeliveredTrade> trades)
    {
        foreach (var trade in trades)
            csv.WriteRecord([
                trade.Failed ? "failed" : "postponed", Text(trade.Version), trade.At.ToString("O"), Ledger.TransactionTypes.TradeSettlement, Text(trade.TradeId),
                trade.Instrument, string.Empty, trade.Bought ? Text(trade.Quantity) : "0", trade.Bought ? "0" : Text(trade.Quantity), string.Empty,
                trade.Bought ? "0" : Text(trade.CashMinor.Minor), trade.Bought ? Text(trade.CashMinor.Minor) : "0", string.Empty, string.Empty, trade.Code, string.Empty,
            ]);
    }

    private static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
