using System.Collections.Immutable;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Trading.Controls;

/// <summary>A holding has grown to where it is reported (大户报告); once for each time it gets there.</summary>
/// <param name="Position">Units held when all trades made have cleared.</param>
/// <param name="ReportFrom">The instrument's threshold.</param>
public sealed record LargePositionReached(
    Guid ParticipantId, string Instrument, long Position, long ReportFrom, DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// Watches what trades, arrivals and failed trades do to holdings, whatever the way of trading. Nothing follows from a report
/// but that the regulator reads it.
/// </summary>
internal static class LargePositions
{
    /// <summary>The facts, and the holdings that they bring to the threshold.</summary>
    public static ImmutableArray<MarketEvent> Report(
        PolicyPack pack, MarketState market, ImmutableArray<MarketEvent> facts, DateTimeOffset at)
    {
        Dictionary<(Guid ParticipantId, string Instrument), long>? gains = null;
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case TradeExecuted trade when Watched(pack, trade.Instrument):
                    Gain(trade.BuyerParticipantId, trade.Instrument, trade.Quantity.Value);
                    Gain(trade.SellerParticipantId, trade.Instrument, -trade.Quantity.Value);
                    break;
                case AccountFunded { Instrument: { } arrived } funded when Watched(pack, arrived):
                    Gain(funded.ParticipantId, arrived, funded.Quantity.Value);
                    break;
                case TradeFailed failed when market.Uncleared[failed.Sequence] is var trade && Watched(pack, trade.Instrument):
                    Gain(trade.SellerParticipantId, trade.Instrument, trade.Quantity.Value);
                    Gain(trade.BuyerParticipantId, trade.Instrument, -trade.Quantity.Value);
                    break;
            }
        }
        return gains is null ? facts : facts.AddRange(gains.Select(Reached).OfType<MarketEvent>());

        void Gain(Guid participantId, string instrument, long units)
        {
            gains ??= [];
            gains[(participantId, instrument)] = gains.GetValueOrDefault((participantId, instrument)) + units;
        }

        LargePositionReached? Reached(KeyValuePair<(Guid ParticipantId, string Instrument), long> gain)
        {
            var (participant, instrument) = gain.Key;
            var threshold = pack.Instrument(instrument)!.LargeTraderReportFrom!.Value;
            var before = market.Accounts.GetValueOrDefault(participant)?.Held(instrument)?.Position ?? 0;
            var after = before + gain.Value;
            return before < threshold && threshold <= after ? new LargePositionReached(participant, instrument, after, threshold, at) : null;
        }
    }

    private static bool Watched(PolicyPack pack, string instrument) => pack.Instrument(instrument)?.LargeTraderReportFrom is not null;
}
