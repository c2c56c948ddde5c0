using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// Churn by a new account (新账户频繁交易): an account that is only days old makes a great many trades on one day. It is as old as
/// what first arrived on it. Trades of the book are counted, of all instruments together.
/// </summary>
internal sealed class NewAccounts() : Pattern(AbusePattern.Churn)
{
    private readonly Dictionary<Guid, DateOnly> _opened = [];
    private readonly Dictionary<Guid, Tally> _tallies = [];

    /// <summary>Of every account, also the old ones, so that none grows young by another funding: as many as the market has.</summary>
    public override void Funded(Moment now, AccountFunded funded) => _opened.TryAdd(funded.ParticipantId, now.Day);

    public override void Traded(Moment now, TradeExecuted trade)
    {
        if (!Trade.IsListed(trade))
            return;
        Count(now, trade, trade.BuyerParticipantId);
        Count(now, trade, trade.SellerParticipantId);
    }

    public override void DayClosed(Moment now, TradingDayClosed closed) => _tallies.Clear();

    public override JsonElement Save() => JsonSerializer.SerializeToElement(new State(
        _opened.ToImmutableSortedDictionary(),
        [.. _tallies.OrderBy(tally => tally.Key).Select(tally => new TallyState(tally.Key, tally.Value.Count, tally.Value.Instrument, tally.Value.Trades.Save()))]));

    public override void Load(JsonElement saved)
    {
        var state = saved.Deserialize<State>()!;
        foreach (var (participant, day) in state.Opened)
            _opened.Add(participant, day);
        foreach (var tally in state.Tallies)
            _tallies.Add(tally.ParticipantId, new Tally { Count = tally.Count, Instrument = tally.Instrument, Trades = Newest<WatchedTrade>.Load(Alert.MostProofs, tally.Trades) });
    }

    private void Count(Moment now, TradeExecuted trade, Guid participant)
    {
        if (now.Watched?.Churn is not { } rule || !_opened.TryGetValue(participant, out var opened)
            || trade.TradingDay.DayNumber - opened.DayNumber > rule.AccountAgeDays)
            return;
        if (!_tallies.TryGetValue(participant, out var tally))
            _tallies.Add(participant, tally = new Tally());
        tally.Add(trade, now.Version);
        if (tally.Count < rule.LeastTrades)
            return;
        now.Raise(
            Kind, tally.Instrument, [participant],
            [
                new Measurement("account-age-days", rule.AccountAgeDays, trade.TradingDay.DayNumber - opened.DayNumber),
                new Measurement("trades", rule.LeastTrades, tally.Count),
            ],
            tally.Trades.All().Select(made => made.Proof));
        _tallies.Remove(participant);
    }

    private sealed record TallyState(Guid ParticipantId, int Count, string? Instrument, NewestState Trades);

    private sealed record State(ImmutableSortedDictionary<Guid, DateOnly> Opened, ImmutableArray<TallyState> Tallies);

    /// <summary>One account's trades of the day.</summary>
    private sealed class Tally
    {
        public int Count { get; set; }

        /// <summary>Null: of more than one.</summary>
        public string? Instrument { get; set; }

        /// <summary>The newest, as proofs; older ones are forgotten and still counted.</summary>
        public Newest<WatchedTrade> Trades { get; init; } = new(Alert.MostProofs);

        public void Add(TradeExecuted trade, long version)
        {
            Instrument = Count == 0 || Instrument == trade.Instrument ? trade.Instrument : null;
            Count++;
            Trades.Add(new WatchedTrade(version, trade.TradeId));
        }
    }
}
