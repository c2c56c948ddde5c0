using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// Marking the close (尾市操纵): in the last minutes of the book, up to and with its last call, one participant has a large share
/// of the volume on the side that the price moves to: it buys while the price rises, or sells while it falls. Told when the
/// day closes. The move is measured from the last price before the window: of the day, or else the close before it.
/// </summary>
internal sealed class ClosingTrades() : Pattern(AbusePattern.MarkingTheClose)
{
    private const int Whole = 10_000;

    private readonly Dictionary<string, Ending> _endings = new(StringComparer.Ordinal);

    public override void Traded(Moment now, TradeExecuted trade)
    {
        if (now.Watched?.MarkingTheClose is not { } rule || !Trade.IsListed(trade) || now.Rules(trade.Instrument) is not { } rules)
            return;
        var ending = EndingOf(trade.Instrument);
        ending.Starts ??= StartOf(now, rules, rule);
        ending.Before ??= rules.BasePriceMinor;
        if (trade.At < ending.Starts)
            ending.Before = trade.Price.MinorPerUnit;
        else
            ending.Count(trade, now.Version);
    }

    public override void DayClosed(Moment now, TradingDayClosed closed)
    {
        foreach (var close in closed.Closes)
        {
            var ending = EndingOf(close.Instrument);
            if (now.Watched?.MarkingTheClose is { } rule)
                Judge(now, rule, close.Instrument, ending);
            ending.Begin(close.Price?.MinorPerUnit);
        }
    }

    public override JsonElement Save() => JsonSerializer.SerializeToElement(
        _endings.ToImmutableSortedDictionary(ending => ending.Key, ending => ending.Value.Save(), StringComparer.Ordinal));

    public override void Load(JsonElement saved)
    {
        foreach (var (instrument, ending) in saved.Deserialize<Dictionary<string, EndingState>>()!)
            _endings.Add(instrument, Ending.Load(ending));
    }

    private static DateTimeOffset StartOf(Moment now, Instrument rules, ClosingPattern rule) => now.Pack.EndOf(
        now.Pack.Trading.Sessions.Where(session => session.IsOfBook && session.IsFor(rules)).MaxBy(session => session.Closes)!, now.Day)
        .AddMinutes(-rule.WindowMinutes);

    private void Judge(Moment now, ClosingPattern rule, string instrument, Ending ending)
    {
        if (ending.Last is not { } last || ending.Before is not { } before)
            return;
        var move = (Int128)Math.Abs(last - before) * Whole;
        if (last == before || move < (Int128)before * rule.MoveBasisPoints)
            return;
        var side = last > before ? Side.Buy : Side.Sell;
        foreach (var (participant, tally) in ending.Of(side))
        {
            if ((Int128)tally.Quantity * 100 < (Int128)ending.Volume * rule.SharePercent)
                continue;
            now.Raise(
                Kind, instrument, [participant],
                [
                    new Measurement("share-percent", rule.SharePercent, (long)((Int128)tally.Quantity * 100 / ending.Volume)),
                    new Measurement("move-basis-points", rule.MoveBasisPoints, (long)(move / before)),
                ],
                tally.Trades.All().Select(made => made.Proof));
        }
    }

    private Ending EndingOf(string instrument)
    {
        if (!_endings.TryGetValue(instrument, out var ending))
            _endings.Add(instrument, ending = new Ending());
        return ending;
    }

    private sealed record TallyState(Guid ParticipantId, Side Side, long Quantity, NewestState Trades);

    private sealed record EndingState(DateTimeOffset? Starts, long? Before, long? Last, long Volume, ImmutableArray<TallyState> Tallies);

    /// <summary>What one participant has traded on one side within the window.</summary>
    private sealed class Tally
    {
        public long Quantity { get; set; }

        /// <summary>The newest, as proofs; older ones are forgotten and still counted.</summary>
        public Newest<WatchedTrade> Trades { get; init; } = new(Alert.MostProofs);
    }

    /// <summary>The last minutes of one instrument's day.</summary>
    private sealed class Ending
    {
        private readonly Dictionary<(Guid ParticipantId, Side Side), Tally> _tallies = [];

        /// <summary>When the window begins; null until the day's first trade.</summary>
        public DateTimeOffset? Starts { get; set; }

        /// <summary>Price before the window, in minor units; null while there never was one.</summary>
        public long? Before { get; set; }

        /// <summary>Newest price within the window.</summary>
        public long? Last { get; private set; }

        public long Volume { get; private set; }

        public void Count(TradeExecuted trade, long version)
        {
            Last = trade.Price.MinorPerUnit;
            Volume = checked(Volume + trade.Quantity.Value);
            Count((trade.BuyerParticipantId, Side.Buy), trade, version);
            Count((trade.SellerParticipantId, Side.Sell), trade, version);
        }

        public IEnumerable<(Guid ParticipantId, Tally Tally)> Of(Side side) => _tallies
            .Where(tally => tally.Key.Side == side).OrderBy(tally => tally.Key.ParticipantId).Select(tally => (tally.Key.ParticipantId, tally.Value));

        public void Begin(long? close)
        {
            (Starts, Last, Volume, Before) = (null, null, 0, close ?? Before);
            _tallies.Clear();
        }

        public EndingState Save() => new(Starts, Before, Last, Volume,
        [
            .. _tallies.OrderBy(tally => tally.Key).Select(tally => new TallyState(
                tally.Key.ParticipantId, tally.Key.Side, tally.Value.Quantity, tally.Value.Trades.Save())),
        ]);

        public static Ending Load(EndingState saved)
        {
            var ending = new Ending { Starts = saved.Starts, Before = saved.Before, Last = saved.Last, Volume = saved.Volume };
            foreach (var tally in saved.Tallies)
                ending._tallies.Add(
                    (tally.ParticipantId, tally.Side),
                    new Tally { Quantity = tally.Quantity, Trades = Newest<WatchedTrade>.Load(Alert.MostProofs, tally.Trades) });
            return ending;
        }

        private void Count((Guid, Side) of, TradeExecuted trade, long version)
        {
            if (!_tallies.TryGetValue(of, out var tally))
                _tallies.Add(of, tally = new Tally());
            tally.Quantity = checked(tally.Quantity + trade.Quantity.Value);
            tally.Trades.Add(new WatchedTrade(version, trade.TradeId));
        }
    }
}
