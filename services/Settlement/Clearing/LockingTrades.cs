using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Clearing;

public sealed record ExecutedTrade(long Sequence, Guid TradeId, string Instrument, Guid BuyerParticipantId,
    Guid SellerParticipantId, Quantity Quantity, Price Price, DateOnly TradingDay, DateTimeOffset ExecutedAt)
{
    // Left out when there are none: a command's content is its JSON, and commands older than fees had none.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money BuyerFee { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money SellerFee { get; init; }
}

public sealed record LockTrades(ImmutableArray<ExecutedTrade> Trades, DateTimeOffset At) : LedgerCommand(At);

public sealed record TradeLocked(long Sequence, Guid TradeId, string Instrument, Guid BuyerParticipantId,
    Guid SellerParticipantId, Quantity Quantity, Price PriceMinor, DateOnly TradingDay, DateTimeOffset At) : LedgerEvent(At)
{
    /// <summary>What the buyer is to pay on top (手续费).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money BuyerFeeMinor { get; init; }

    /// <summary>What is to go off the seller's proceeds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money SellerFeeMinor { get; init; }
}

/// <summary>
/// Binds both sides of executed trades until the clearing run (锁定). A trade is binding when made, so nothing is refused
/// here: what cannot be delivered fails at the run, by itself and visibly.
/// </summary>
public static class LockingTrades
{
    public static Decision<LedgerEvent> Decide(LedgerState ledger, LockTrades c)
    {
        var events = ImmutableArray.CreateBuilder<LedgerEvent>(c.Trades.Length);
        foreach (var trade in c.Trades)
        {
            if (ledger.Clearing.Find(trade.Sequence) is { } open && open != AsOpen(trade))
                return Reject("trade-differs", $"Trade {trade.Sequence} is here already, with other content.");
            if (!ledger.Clearing.Arrived.Contains(trade.Sequence))
                events.Add(new TradeLocked(trade.Sequence, trade.TradeId, trade.Instrument, trade.BuyerParticipantId,
                    trade.SellerParticipantId, trade.Quantity, trade.Price, trade.TradingDay, trade.ExecutedAt)
                {
                    BuyerFeeMinor = trade.BuyerFee,
                    SellerFeeMinor = trade.SellerFee,
                });
        }
        return Accept(events.DrainToImmutable());
    }

    public static void Evolve(LedgerState ledger, TradeLocked e)
    {
        var trade = new OpenTrade(e.Sequence, e.TradeId, e.Instrument, e.BuyerParticipantId, e.SellerParticipantId,
            e.Quantity, e.PriceMinor, e.TradingDay, e.BuyerFeeMinor, e.SellerFeeMinor);
        ledger.Clearing.Lock(trade);
        Bind(ledger, trade);
    }

    /// <summary>Whoever has no trading account yet is bound when it opens one.</summary>
    internal static void Bind(LedgerState ledger, OpenTrade trade)
    {
        if (ledger.Accounts.Trading(trade.BuyerParticipantId) is { } buyer)
            buyer.BindBuyer(trade.Instrument, trade.Quantity, trade.Cost);
        else
            ledger.Clearing.Miss(trade.BuyerParticipantId, trade.Sequence);
        if (ledger.Accounts.Trading(trade.SellerParticipantId) is { } seller)
            seller.BindSeller(trade.Instrument, trade.Quantity, trade.Proceeds);
        else
            ledger.Clearing.Miss(trade.SellerParticipantId, trade.Sequence);
    }

    private static OpenTrade AsOpen(ExecutedTrade trade) => new(trade.Sequence, trade.TradeId, trade.Instrument,
        trade.BuyerParticipantId, trade.SellerParticipantId, trade.Quantity, trade.Price, trade.TradingDay, trade.BuyerFee, trade.SellerFee);
}
