using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Clearing;

public sealed record CloseTradingDay(DateOnly TradingDay, long LastTradeSequence, DateTimeOffset At) : LedgerCommand(At);

/// <summary>The next part of the clearing run of the earliest day that is closed and complete.</summary>
/// <param name="FromSequence">First trade of the part; tells one part from the next.</param>
public sealed record ContinueClearing(DateOnly TradingDay, long FromSequence, DateTimeOffset At) : LedgerCommand(At);

/// <summary>Trading closed a day; it is cleared once all trades up to the last have arrived.</summary>
public sealed record ClearingDue(DateOnly TradingDay, long LastTradeSequence, DateTimeOffset At) : LedgerEvent(At);

/// <summary>Units against cash: both legs or neither (货银对付), and with them the fees of both sides.</summary>
/// <param name="CashMinor">What the buyer gave the seller; the fees are beside it.</param>
public sealed record TradeSettled(long Sequence, Guid TradeId, Guid BuyerParticipantId, Guid BuyerAccountId,
    Guid SellerParticipantId, Guid SellerAccountId, string Instrument, Blocks Blocks, Money CashMinor, DateTimeOffset At)
    : LedgerEvent(At)
{
    /// <summary>What the buyer gave to the fees account (手续费).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money BuyerFeeMinor { get; init; }

    /// <summary>What the seller gave to it, out of the proceeds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money SellerFeeMinor { get; init; }

    /// <summary>What of the two fees went on to the risk reserve (风险准备金), by the share in force at the run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money RiskReserveMinor { get; init; }
}

/// <summary>The trade could not be delivered in the run of a trading day; it goes on binding both sides, and a later run tries it again.</summary>
/// <param name="Runs">Runs that have tried it, this one included.</param>
public sealed record TradePostponed(long Sequence, Guid TradeId, Guid BuyerParticipantId, Guid SellerParticipantId,
    string Instrument, Quantity Quantity, Money CashMinor, string Code, DateOnly RunOf, int Runs, DateTimeOffset At) : LedgerEvent(At);

/// <summary>The trade could not be delivered, in as many runs as the policy pack gives it; both sides are free of it.</summary>
public sealed record TradeFailed(long Sequence, Guid TradeId, Guid BuyerParticipantId, Guid SellerParticipantId,
    string Instrument, Quantity Quantity, Money CashMinor, string Code, DateTimeOffset At) : LedgerEvent(At);

/// <param name="Settled">Trades of the day that were delivered.</param>
/// <param name="Failed">Trades of the day that were not.</param>
public sealed record TradingDayCleared(DateOnly TradingDay, long LastTradeSequence, long Settled, long Failed, DateTimeOffset At)
    : LedgerEvent(At);

/// <summary>
/// The clearing run (清算交收) after the close: trade by trade in their order, each gross, never netted, so that a trade
/// that fails fails alone. Runs in parts, because a day may have more trades than one commit should hold.
/// <para>
/// What cannot be delivered is tried again in the runs of as many later trading days as the policy pack says, before what
/// was traded on them. Until the last has tried it the trade binds both sides and nobody is told an outcome: an outcome,
/// once told, is final.
/// </para>
/// </summary>
public static class ClearingRun
{
    public const int TradesPerPart = 500;

    // The writer decides the next parts while a commit is under way, and so never waits for one before the last of these.
    private const int PartsAhead = 32;

    public static Decision<LedgerEvent> Decide(LedgerState ledger, CloseTradingDay c) => ledger.Clearing.Day(c.TradingDay) switch
    {
        { LastTradeSequence: null } => Accept(new ClearingDue(c.TradingDay, c.LastTradeSequence, c.At)),
        { LastTradeSequence: var known } when known == c.LastTradeSequence => Accept(),
        { LastTradeSequence: var known } =>
            Reject("trading-day-differs", $"Trading day {c.TradingDay} is closed with trade {known}, not {c.LastTradeSequence}."),
    };

    public static Decision<LedgerEvent> Decide(LedgerState ledger, ContinueClearing c)
    {
        if (ledger.Clearing.Clearable is not { LastTradeSequence: { } last } day || day.Day != c.TradingDay)
            return Accept();
        var draft = new Draft(ledger, day.Day);
        var events = ImmutableArray.CreateBuilder<LedgerEvent>();
        foreach (var trade in ledger.Clearing.Due(day).Take(TradesPerPart))
            events.Add(draft.Settle(trade, c.At));
        var finished = !ledger.Clearing.Due(day).Skip(events.Count).Any();
        if (finished)
            events.Add(new TradingDayCleared(day.Day, last, day.Settled + draft.SettledOf(day.Day), day.Failed + draft.FailedOf(day.Day), c.At));
        return Accept(events.DrainToImmutable());
    }

    /// <summary>
    /// What the run is to do next, part by part; empty while no closed day is complete. What a run has to try is fixed when
    /// it begins, so each part is known by its first trade before those ahead of it are done.
    /// </summary>
    public static IEnumerable<ContinueClearing> Parts(LedgerState ledger) => ledger.Clearing.Clearable is { ClosedAt: { } at } day
        ? ledger.Clearing.Due(day).Take(TradesPerPart * PartsAhead).Chunk(TradesPerPart)
            .Select(part => new ContinueClearing(day.Day, part[0].Sequence, at))
            .DefaultIfEmpty(new ContinueClearing(day.Day, 0, at))
        : [];

    public static void Evolve(LedgerState ledger, ClearingDue e) => ledger.Clearing.Close(e.TradingDay, e.LastTradeSequence, e.At);

    public static void Evolve(LedgerState ledger, TradeSettled e)
    {
        var trade = Release(ledger, e.Sequence, null);
        LedgerImbalanceException.Unless(e.Blocks.Quantity == trade.Quantity && e.CashMinor == trade.Cash,
            $"Trade {e.Sequence} was of {trade.Quantity} units for {trade.Cash}, settled {e.Blocks.Quantity} for {e.CashMinor}.");
        LedgerImbalanceException.Unless((e.BuyerFeeMinor, e.SellerFeeMinor) == (trade.BuyerFee, trade.SellerFee),
            $"Trade {e.Sequence} was to cost {trade.BuyerFee} and {trade.SellerFee} of fees, not {e.BuyerFeeMinor} and {e.SellerFeeMinor}.");
        ledger.Move(e.SellerAccountId, e.BuyerAccountId, e.Instrument, e.Blocks);
        ledger.Pay(e.BuyerAccountId, e.SellerAccountId, e.CashMinor);
        if (!trade.Fees.IsZero)
            PayFees(ledger, e);
        ledger.NetSales.Note(trade.TradingDay, e);
        ledger.Turnover.Note(trade.TradingDay, e);
    }

    public static void Evolve(LedgerState ledger, TradePostponed e) => ledger.Clearing.Postpone(e.Sequence, e.Code, e.RunOf);

    public static void Evolve(LedgerState ledger, TradeFailed e) => Release(ledger, e.Sequence, e.Code);

    public static void Evolve(LedgerState ledger, TradingDayCleared e) => ledger.Clearing.Clear(e.TradingDay, ledger.CountsFrom);

    private static void PayFees(LedgerState ledger, TradeSettled e)
    {
        var fees = ledger.Accounts.AuthorityId(AccountTypes.Fees);
        ledger.Pay(e.BuyerAccountId, fees, e.BuyerFeeMinor);
        ledger.Pay(e.SellerAccountId, fees, e.SellerFeeMinor);
        if (!e.RiskReserveMinor.IsZero)
            ledger.Pay(fees, ledger.Accounts.AuthorityId(AccountTypes.RiskReserve), e.RiskReserveMinor);
    }

    private static OpenTrade Release(LedgerState ledger, long sequence, string? failureCode)
    {
        var trade = ledger.Clearing.Unlock(sequence, failureCode);
        ledger.Clearing.MissNoMore(trade.BuyerParticipantId, sequence);
        ledger.Clearing.MissNoMore(trade.SellerParticipantId, sequence);
        ledger.Accounts.Trading(trade.BuyerParticipantId)?.ReleaseBuyer(trade.Instrument, trade.Quantity, trade.Cost);
        ledger.Accounts.Trading(trade.SellerParticipantId)?.ReleaseSeller(trade.Instrument, trade.Quantity, trade.Proceeds);
        return trade;
    }

    /// <summary>
    /// Tries the trades beside the accounts they touch: what one trade delivers the next may sell on, and nothing is written
    /// before it is decided.
    /// </summary>
    private sealed class Draft(LedgerState ledger, DateOnly run)
    {
        private readonly Dictionary<Guid, TriedAccount> _accounts = [];
        private readonly Dictionary<DateOnly, (long Settled, long Failed)> _outcomes = [];

        public long SettledOf(DateOnly day) => _outcomes.GetValueOrDefault(day).Settled;

        public long FailedOf(DateOnly day) => _outcomes.GetValueOrDefault(day).Failed;

        // Arms stand in order of precedence; the specs pin that order.
        public LedgerEvent Settle(OpenTrade trade, DateTimeOffset at) =>
            (Tried(trade.SellerParticipantId), Tried(trade.BuyerParticipantId)) switch
            {
                (null, _) => Fail(trade, "seller-without-trading-account", at),
                (_, null) => Fail(trade, "buyer-without-trading-account", at),
                _ when Stopped(trade, at) is { } code => Fail(trade, code, at),
                ({ } seller, _) when seller.Units(trade.Instrument).Quantity < trade.Quantity => Fail(trade, "insufficient-units", at),
                (_, { } buyer) when buyer.Cash < trade.Cost => Fail(trade, "insufficient-cash", at),
                ({ } seller, { } buyer) => Deliver(trade, seller, buyer, at),
            };

        private string? Stopped(OpenTrade trade, DateTimeOffset at) => ChangingStatus.Refusal(
            ledger, TransactionTypes.TradeSettlement, ledger.Accounts.Trading(trade.SellerParticipantId), ledger.Accounts.Trading(trade.BuyerParticipantId), at)?.Code;

        private LedgerEvent Fail(OpenTrade trade, string code, DateTimeOffset at)
        {
            var runs = (ledger.Clearing.Retried(trade.Sequence)?.Runs ?? 0) + 1;
            if (runs <= ledger.Rules.At(at).UndeliveredTradeRetries)
                return new TradePostponed(trade.Sequence, trade.TradeId, trade.BuyerParticipantId, trade.SellerParticipantId,
                    trade.Instrument, trade.Quantity, trade.Cash, code, run, runs, at);
            var (settled, failed) = _outcomes.GetValueOrDefault(trade.TradingDay);
            _outcomes[trade.TradingDay] = (settled, failed + 1);
            return new TradeFailed(trade.Sequence, trade.TradeId, trade.BuyerParticipantId, trade.SellerParticipantId,
                trade.Instrument, trade.Quantity, trade.Cash, code, at);
        }

        private TradeSettled Deliver(OpenTrade trade, TriedAccount seller, TriedAccount buyer, DateTimeOffset at)
        {
            var blocks = seller.Units(trade.Instrument).Take(trade.Quantity);
            foreach (var block in blocks)
                buyer.Units(trade.Instrument).Put(block);
            buyer.Debit(trade.Cost);
            seller.Credit(trade.Proceeds);
            var (settled, failed) = _outcomes.GetValueOrDefault(trade.TradingDay);
            _outcomes[trade.TradingDay] = (settled + 1, failed);
            return new TradeSettled(trade.Sequence, trade.TradeId, buyer.ParticipantId, buyer.Id, seller.ParticipantId,
                seller.Id, trade.Instrument, blocks, trade.Cash, at)
            {
                BuyerFeeMinor = trade.BuyerFee,
                SellerFeeMinor = trade.SellerFee,
                RiskReserveMinor = ledger.Rules.At(at).RiskReserve.Of(trade.Fees),
            };
        }

        private TriedAccount? Tried(Guid participantId)
        {
            if (!_accounts.TryGetValue(participantId, out var tried) && ledger.Accounts.Trading(participantId) is { } account)
                _accounts.Add(participantId, tried = new TriedAccount(account));
            return tried;
        }
    }
}
