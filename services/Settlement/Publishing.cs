using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Deadlines;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Payouts;
using CarbonMarket.Settlement.Transfers;
using CarbonMarket.Settlement.Withdrawals;
using JasperFx.Events;
using MassTransit;

namespace CarbonMarket.Settlement;

/// <summary>What Settlement promises the others: what many are told of at once in envelopes, in the order of the ledger.</summary>
public sealed class Publishing(IBus bus, ILogger<Publishing> logger, PolicyPackCatalog packs) : IntegrationPublisher(bus, logger)
{
    /// <summary>Most of the journal is trades that are locked, of which nobody else is told.</summary>
    public static readonly IReadOnlyList<Type> Promised =
    [
        typeof(UnitsIssued), typeof(UnitsTransferred), typeof(UnitsAllocated), typeof(UnitsWithdrawn), typeof(AllocationDeducted), typeof(HeldUnitsTold),
        typeof(CashDeposited), typeof(CashWithdrawn), typeof(PayoutReserved), typeof(PayoutRefused), typeof(TradeSettled), typeof(TradeFailed),
        typeof(DeadlineNoticeGiven),
    ];

    private const int EntriesPerEnvelope = 500;
    private readonly MarketStreams _markets = new(packs.Markets, Ledgers.StreamOf);

    protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) => Translate(page, _markets);

    internal static IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page, MarketStreams markets) =>
        from events in page.GroupBy(recorded => recorded.StreamId)
        from promise in Promises(markets[events.Key], [.. events])
        select promise;

    private static IEnumerable<Promise> Promises(string market, List<IEvent> events) =>
    [
        .. Envelopes(events, recorded => Funding(recorded.Data), fundings => new TradingAccountsFunded { Market = market, Fundings = fundings }),
        .. Envelopes(events, recorded => Outcome(recorded.Data), outcomes => new TradesSettled { Market = market, Outcomes = outcomes }),
        .. Envelopes(events, Booked, bookings => new AllocationsBooked { Market = market, Bookings = bookings }),
        .. Envelopes(events, Held, holds => new TradingUnitsHeld { Market = market, Holds = holds }),
        .. Envelopes(events, Notice, notices => new SurrenderNoticesGiven { Market = market, Notices = notices }),
        .. from recorded in events
           let completed = Completed(market, recorded.Data)
           where completed is not null
           select new Promise(completed, recorded),
    ];

    private static IEnumerable<Promise> Envelopes<TEntry>(
        List<IEvent> events, Func<IEvent, TEntry?> entry, Func<List<TEntry>, object> envelope)
        where TEntry : class =>
        from part in (
            from recorded in events
            let translated = entry(recorded)
            where translated is not null
            select (Entry: translated, Source: recorded)).Chunk(EntriesPerEnvelope)
        select new Promise(envelope([.. part.Select(each => each.Entry)]), part[0].Source);

    private static TradingAccountsFunded.Funding? Funding(object @event) => @event switch
    {
        UnitsIssued { AccountType: AccountTypes.Trading } e =>
            Units(e.IssuanceId, e.ParticipantId, e.Instrument, e.Block.Quantity.Value, e.FundingNumber, e.At) with { ForAuction = true },
        UnitsTransferred { TransactionType: TransactionTypes.TransferToTrading } e =>
            Units(e.TransferId, e.ToParticipantId, e.Instrument, e.Blocks.Quantity.Value, e.FundingNumber, e.At),
        CashDeposited e => Cash(e.DepositId, e.ParticipantId, e.AmountMinor.Minor, e.FundingNumber, e.At),
        PayoutRefused e => Cash(e.WithdrawalId, e.ParticipantId, e.AmountMinor.Minor, e.FundingNumber, e.At),
        _ => null,
    };

    private static TradingAccountsFunded.Funding Units(
        Guid id, Guid participantId, string instrument, long quantity, long? number, DateTimeOffset at) => new()
    {
        FundingId = id,
        Number = number,
        ParticipantId = participantId,
        Instrument = instrument,
        Quantity = quantity,
        CashMinor = 0,
        At = at,
    };

    private static TradingAccountsFunded.Funding Cash(Guid id, Guid participantId, long minor, long? number, DateTimeOffset at) => new()
    {
        FundingId = id,
        Number = number,
        ParticipantId = participantId,
        Quantity = 0,
        CashMinor = minor,
        At = at,
    };

    private static TradesSettled.Outcome? Outcome(object @event) => @event switch
    {
        TradeSettled e => new() { TradeId = e.TradeId, TradeSequence = e.Sequence, Settled = true, At = e.At },
        TradeFailed e => new() { TradeId = e.TradeId, TradeSequence = e.Sequence, Settled = false, FailureCode = e.Code, At = e.At },
        _ => null,
    };

    private static AllocationsBooked.Booking? Booked(IEvent recorded) => recorded.Data switch
    {
        UnitsAllocated e => Booking(e.PlanId, e.ParticipantId, e.Block.Quantity.Value, 0, recorded.Version, e.At),
        AllocationDeducted e => Booking(e.PlanId, e.ParticipantId, 0, e.Deducted.Value, recorded.Version, e.At),
        _ => null,
    };

    private static AllocationsBooked.Booking Booking(Guid planId, Guid participantId, long issued, long deducted, long version, DateTimeOffset at) =>
        new() { PlanId = planId, ParticipantId = participantId, Issued = issued, Deducted = deducted, Version = version, At = at };

    private static TradingUnitsHeld.Hold? Held(IEvent recorded) => recorded.Data is HeldUnitsTold e
        ? new() { ParticipantId = e.ParticipantId, Instrument = e.Instrument, Quantity = e.HeldQuantity.Value, Version = recorded.Version, At = e.At }
        : null;

    private static SurrenderNoticesGiven.Notice? Notice(IEvent recorded) => recorded.Data is DeadlineNoticeGiven e
        ? new()
        {
            NoticeId = recorded.Id,
            ParticipantId = e.ParticipantId,
            Year = e.Year.Value,
            DaysBefore = e.DaysBefore,
            Due = e.Due?.Value,
            Outstanding = e.Outstanding.Value,
            Held = e.Held.Value,
            StillToBuy = e.StillToBuy.Value,
            LastPurchaseAt = e.LastPurchaseAt,
            Deadline = e.Deadline,
            At = e.At,
        }
        : null;

    private static WithdrawalCompleted? Completed(string market, object @event) => @event switch
    {
        UnitsWithdrawn e => new() { Market = market, WithdrawalId = e.WithdrawalId, ParticipantId = e.ParticipantId, At = e.At },
        PayoutReserved e => new() { Market = market, WithdrawalId = e.WithdrawalId, ParticipantId = e.ParticipantId, At = e.At },
        CashWithdrawn e => new() { Market = market, WithdrawalId = e.WithdrawalId, ParticipantId = e.ParticipantId, At = e.At },
        _ => null,
    };
}
