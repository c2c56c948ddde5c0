using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>What one fact of the journal did to a trading account: a trade, a deposit, a withdrawal, a transfer.</summary>
/// <param name="Version">Version of the journal with the fact.</param>
/// <param name="Type">The type of transaction, as the policy pack names it.</param>
/// <param name="Instrument">Null: only cash moved.</param>
/// <param name="PriceMinor">Of a trade.</param>
/// <param name="UnitsAfter">What the account then had of the instrument, all vintages; null: no units moved.</param>
/// <param name="CashAfterMinor">What it then had of cash; null: no cash moved.</param>
/// <param name="FeeMinor">What of the cash that went out is the fee of the trade (手续费).</param>
public sealed record StatementLine(
    long Version, DateTimeOffset At, string Type, Guid TransactionId, string? Instrument, Quantity UnitsIn, Quantity UnitsOut, Price? PriceMinor,
    Money CashInMinor, Money CashOutMinor, Quantity? UnitsAfter, Money? CashAfterMinor, Money FeeMinor)
{
    /// <param name="postings">All that the fact booked on the account.</param>
    public static StatementLine Of(IReadOnlyList<Posting> postings)
    {
        var (units, cash) = (postings.Where(posting => posting.Vintage is not null).ToList(), postings.Where(posting => posting.Vintage is null).ToList());
        var (unitsIn, unitsOut) = (units.Sum(posting => posting.In), units.Sum(posting => posting.Out));
        var (cashIn, cashOut) = (cash.Sum(posting => posting.In), cash.Sum(posting => posting.Out));
        var fee = cash.Where(posting => posting.Type == TransactionTypes.TradeFee).Sum(posting => posting.Out);
        return new StatementLine(
            postings[0].Version, postings[0].At, postings[0].Type, postings[0].TransactionId, units.FirstOrDefault()?.Asset,
            Quantity.Of(unitsIn), Quantity.Of(unitsOut), units.Count > 0 && cash.Count > 0 ? Price.OfMinor((cashIn + cashOut - fee) / (unitsIn + unitsOut)) : null,
            Money.OfMinor(cashIn), Money.OfMinor(cashOut), units.Count > 0 ? Quantity.Of(units[^1].Balance) : null,
            cash.Count > 0 ? Money.OfMinor(cash[^1].Balance) : null, Money.OfMinor(fee));
    }
}

/// <summary>Everything of one type that went through the account on the day.</summary>
/// <param name="Asset">An instrument, or cash.</param>
/// <param name="In">Units, or minor units of the currency.</param>
/// <param name="Out">Likewise.</param>
public sealed record StatementTotal(string Type, string Asset, long In, long Out);

/// <summary>
/// The statement (结算单) of a participant's trading account for one trading day: all that was booked on it after the
/// clearing run of the day before, up to the end of the day's own. So every entry is on exactly one statement, a day's closing
/// balance is the next one's opening balance, and a statement never changes.
/// </summary>
/// <param name="FromVersion">The journal's version at which the statement before ends.</param>
/// <param name="ThroughVersion">The journal's version at which this one ends.</param>
/// <param name="Lines">A page of what happened, in the order of the journal.</param>
/// <param name="Next">Where the next page begins; null: there is none.</param>
/// <param name="Undelivered">The first 500 trades that the day's run could not deliver.</param>
/// <param name="ObjectionsUntil">Who has not objected by then has accepted it.</param>
public sealed record DailyStatement(
    Guid ParticipantId, Guid AccountId, string Number, DateOnly TradingDay, long FromVersion, long ThroughVersion, string Currency,
    IReadOnlyList<AssetBalance> Opening, IReadOnlyList<AssetBalance> Closing, IReadOnlyList<StatementTotal> Totals, IReadOnlyList<StatementLine> Lines,
    long? Next, IReadOnlyList<UndeliveredTrade> Undelivered, DateTimeOffset ObjectionsUntil, StatementObjection? Objection);
