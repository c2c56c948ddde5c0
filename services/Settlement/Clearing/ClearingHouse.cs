using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Clearing;

/// <summary>A trade that binds both sides and waits for the clearing run.</summary>
/// <param name="BuyerFee">What the buyer pays on top (手续费).</param>
/// <param name="SellerFee">What goes off the seller's proceeds.</param>
public sealed record OpenTrade(long Sequence, Guid TradeId, string Instrument, Guid BuyerParticipantId,
    Guid SellerParticipantId, Quantity Quantity, Price Price, DateOnly TradingDay, Money BuyerFee = default, Money SellerFee = default)
{
    [JsonIgnore]
    public Money Cash => Quantity * Price;

    /// <summary>What the buyer pays, its fee included.</summary>
    [JsonIgnore]
    public Money Cost => Cash + BuyerFee;

    /// <summary>What the seller gets, its fee taken off.</summary>
    [JsonIgnore]
    public Money Proceeds => Cash - SellerFee;

    [JsonIgnore]
    public Money Fees => BuyerFee + SellerFee;
}

/// <summary>A trade that could not be delivered and still binds both sides: a later clearing run tries it again.</summary>
/// <param name="Code">The rule that stopped it last.</param>
/// <param name="Runs">Runs that have tried it.</param>
/// <param name="LastRun">Trading day of the last of them.</param>
public sealed record PostponedTrade(OpenTrade Trade, string Code, int Runs, DateOnly LastRun);

/// <summary>A trade that could not be settled, and the rule that stopped it.</summary>
public sealed record FailedTrade(long Sequence, Guid TradeId, DateOnly TradingDay, string Code);

/// <summary>One trading day: what was traded, what became of it, and how far the clearing is.</summary>
public sealed record TradingDayRecord(DateOnly Day, long Locked, long Settled, long Failed)
{
    /// <summary>Sequence of the market's last trade by the end of the day; null until Trading has closed the day.</summary>
    public long? LastTradeSequence { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public bool IsCleared { get; init; }

    /// <summary>From when its clearing run counts as ended; null until it has.</summary>
    public DateTimeOffset? ClearedAt { get; init; }

    /// <summary>Of the open trades, those that the next clearing run tries again.</summary>
    public long Postponed { get; init; }

    [JsonIgnore]
    public long Open => Locked - Settled - Failed;
}

/// <summary>
/// Executed trades between the trade and its delivery (交收). Envelopes may come twice, overlap or overtake each other: a
/// trade is known by its sequence, and a day is cleared only when every trade up to its last is here. What stays for good is
/// one record a day and the failures that are shown of it; the journal has them all.
/// </summary>
public sealed class ClearingHouse
{
    private readonly SortedDictionary<long, OpenTrade> _untried = [];
    private readonly Dictionary<long, PostponedTrade> _postponed = [];
    private readonly SortedSet<(DateOnly LastRun, long Sequence)> _retries = [];
    private readonly Dictionary<Guid, SortedSet<long>> _missing = [];
    private readonly SortedDictionary<DateOnly, TradingDayRecord> _days = [];
    private readonly SortedSet<DateOnly> _due = [];
    private readonly SortedDictionary<DateOnly, List<FailedTrade>> _failures = [];

    /// <summary>How many failures of a trading day are kept to be shown; all of them are counted.</summary>
    public const int MostFailures = 500;

    /// <summary>Sequences that have arrived.</summary>
    public SerialRanges Arrived { get; } = new();

    /// <summary>Every trade that binds: those no run has tried yet in their order, then the postponed ones.</summary>
    public IEnumerable<OpenTrade> Open => _untried.Values.Concat(Postponed.Select(postponed => postponed.Trade));

    public IEnumerable<PostponedTrade> Postponed => _retries.Select(retry => _postponed[retry.Sequence]);

    public IEnumerable<TradingDayRecord> Days => _days.Values;

    /// <summary>The first failures of a trading day, in the order of the clearing run.</summary>
    public IReadOnlyList<FailedTrade> FailuresOf(DateOnly day) => _failures.GetValueOrDefault(day) ?? [];

    /// <summary>The first trades of a trading day that are tried again, in the order of the retries.</summary>
    public IEnumerable<PostponedTrade> PostponedOf(DateOnly day) =>
        Day(day).Postponed == 0 ? [] : Postponed.Where(postponed => postponed.Trade.TradingDay == day).Take(MostFailures);

    public OpenTrade? Find(long sequence) => _untried.GetValueOrDefault(sequence) ?? Retried(sequence)?.Trade;

    public PostponedTrade? Retried(long sequence) => _postponed.GetValueOrDefault(sequence);

    /// <summary>What the run of a closed day has still to try: first what earlier runs have postponed, then what was traded.</summary>
    public IEnumerable<OpenTrade> Due(TradingDayRecord day) => _retries.TakeWhile(retry => retry.LastRun < day.Day)
        .Select(retry => _postponed[retry.Sequence].Trade)
        .Concat(_untried.Values.TakeWhile(trade => trade.Sequence <= day.LastTradeSequence));

    public TradingDayRecord Day(DateOnly day) => _days.GetValueOrDefault(day) ?? new TradingDayRecord(day, 0, 0, 0);

    public TradingDayRecord? Latest => _days.Count == 0 ? null : _days.Values.Last();

    /// <summary>The earliest closed day that is not cleared, once all of its trades are here.</summary>
    public TradingDayRecord? Clearable => _due.Count > 0 && _days[_due.Min] is var day && HasArrivedThrough(day.LastTradeSequence!.Value)
        ? day
        : null;

    public bool HasArrivedThrough(long sequence) =>
        sequence == 0 || (Arrived.Ranges.Count > 0 && Arrived.Ranges[0] is { First: 1 } first && first.Last >= sequence);

    public void Lock(OpenTrade trade)
    {
        Arrived.Add(trade.Sequence, trade.Sequence);
        _untried.Add(trade.Sequence, trade);
        var day = Day(trade.TradingDay);
        _days[trade.TradingDay] = day with { Locked = day.Locked + 1 };
    }

    public void Postpone(long sequence, string code, DateOnly run)
    {
        var (trade, runs) = Take(sequence);
        Keep(new PostponedTrade(trade, code, runs + 1, run));
        var day = Day(trade.TradingDay);
        _days[trade.TradingDay] = day with { Postponed = day.Postponed + 1 };
    }

    public OpenTrade Unlock(long sequence, string? failureCode)
    {
        var (trade, _) = Take(sequence);
        var day = Day(trade.TradingDay);
        _days[trade.TradingDay] = failureCode is null ? day with { Settled = day.Settled + 1 } : day with { Failed = day.Failed + 1 };
        if (failureCode is not null)
            Keep(new FailedTrade(sequence, trade.TradeId, trade.TradingDay, failureCode));
        return trade;
    }

    public void Close(DateOnly day, long lastTradeSequence, DateTimeOffset at)
    {
        _days[day] = Day(day) with { LastTradeSequence = lastTradeSequence, ClosedAt = at };
        _due.Add(day);
    }

    public void Clear(DateOnly day, DateTimeOffset at)
    {
        _days[day] = Day(day) with { IsCleared = true, ClearedAt = at };
        _due.Remove(day);
    }

    /// <summary>A trade binds a participant that has no trading account to bind.</summary>
    public void Miss(Guid participantId, long sequence)
    {
        if (!_missing.TryGetValue(participantId, out var sequences))
            _missing.Add(participantId, sequences = []);
        sequences.Add(sequence);
    }

    /// <summary>The trade binds nobody any more.</summary>
    public void MissNoMore(Guid participantId, long sequence)
    {
        if (_missing.TryGetValue(participantId, out var sequences) && sequences.Remove(sequence) && sequences.Count == 0)
            _missing.Remove(participantId);
    }

    /// <summary>A trading account opened after trades of its holder had come in.</summary>
    public void BindOpenTradesTo(Account account)
    {
        if (!_missing.Remove(account.ParticipantId, out var sequences))
            return;
        foreach (var trade in sequences.Select(sequence => Find(sequence)!))
        {
            if (trade.BuyerParticipantId == account.ParticipantId)
                account.BindBuyer(trade.Instrument, trade.Quantity, trade.Cost);
            if (trade.SellerParticipantId == account.ParticipantId)
                account.BindSeller(trade.Instrument, trade.Quantity, trade.Proceeds);
        }
    }

    internal void Restore(SnapshotParts parts)
    {
        foreach (var range in parts.Arrived)
            Arrived.Add(range.First, range.Last);
        foreach (var trade in parts.Open)
            _untried.Add(trade.Sequence, trade);
        foreach (var trade in parts.Postponed)
            Keep(trade);
        foreach (var day in parts.Days)
        {
            _days.Add(day.Day, day);
            if (day is { LastTradeSequence: not null, IsCleared: false })
                _due.Add(day.Day);
        }
        foreach (var failure in parts.Failures)
            Keep(failure);
    }

    private (OpenTrade Trade, int Runs) Take(long sequence)
    {
        if (_untried.Remove(sequence, out var untried))
            return (untried, 0);
        var (trade, _, runs, lastRun) = _postponed[sequence];
        _postponed.Remove(sequence);
        _retries.Remove((lastRun, sequence));
        var day = Day(trade.TradingDay);
        _days[trade.TradingDay] = day with { Postponed = day.Postponed - 1 };
        return (trade, runs);
    }

    private void Keep(PostponedTrade postponed)
    {
        _postponed.Add(postponed.Trade.Sequence, postponed);
        _retries.Add((postponed.LastRun, postponed.Trade.Sequence));
    }

    private void Keep(FailedTrade failure)
    {
        if (!_failures.TryGetValue(failure.TradingDay, out var kept))
            _failures.Add(failure.TradingDay, kept = []);
        if (kept.Count < MostFailures)
            kept.Add(failure);
    }

    internal SnapshotParts Parts() => new(
        [.. Arrived.Ranges], [.. _untried.Values], [.. Postponed], [.. _days.Values], [.. _failures.Values.SelectMany(failures => failures)]);

    internal sealed record SnapshotParts(
        IReadOnlyList<SerialRange> Arrived, IReadOnlyList<OpenTrade> Open, IReadOnlyList<PostponedTrade> Postponed,
        IReadOnlyList<TradingDayRecord> Days, IReadOnlyList<FailedTrade> Failures);
}
