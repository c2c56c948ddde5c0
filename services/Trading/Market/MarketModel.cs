using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Market;

/// <summary>One market as the journaled engine runs it: which feature decides what, and which turns a fact into state.</summary>
/// <param name="packs">The market's rules, every version, oldest first.</param>
public sealed class MarketModel(ImmutableArray<PolicyPack> packs) : IJournaledModel<MarketState, MarketCommand, MarketEvent>
{
    public MarketState Initial() => new();

    /// <summary>
    /// Facts of the ledger are taken as they come. Everything else happens at a legal time, and what was due before it
    /// happens first, so no order can slip into a day that has ended only because the clock's follower was late.
    /// </summary>
    public Decision<MarketEvent> Decide(MarketState state, MarketCommand command) => command switch
    {
        FundAccount funding => Reported(state, Funding.Decide(state, funding), funding.At),
        RecordOutcome outcome => Reported(state, Clearing.Decide(state, outcome), outcome.At),
        CompleteWithdrawal completed => Withdrawal.Decide(state, completed),
        NoteHeldUnits held => RegistryHolding.Decide(state, held),
        _ => DecideInTime(state, command),
    };

    public MarketState Evolve(MarketState state, MarketEvent @event)
    {
        state.Outlook = null;
        switch (@event)
        {
            case OrderAccepted e: OrderEntry.Evolve(state, e); break;
            case TradeExecuted e: Trade.Evolve(state, e); break;
            case OrderCancelled e: OrderEnding.Evolve(state, e); break;
            case OrderReduced e: OrderEnding.Evolve(state, e); break;
            case OrderReplaced e: OrderReplacing.Evolve(state, e); break;
            case OrderLapsed e: OrderEnding.Evolve(state, e); break;
            case BidAccepted e: Bidding.Evolve(state, e); break;
            case BidWithdrawn e: Bidding.Evolve(state, e); break;
            case BidLapsed e: Bidding.Evolve(state, e); break;
            case AuctionAnnounced e: Auctioning.Evolve(state, e); break;
            case AuctionRescheduled e: Rescheduling.Evolve(state, e); break;
            case AuctionClosed e: AuctionEnding.Evolve(state, e); break;
            case BlockOffered e: Negotiating.Evolve(state, e); break;
            case BlockCountered e: Negotiating.Evolve(state, e); break;
            case BlockEnded e: Negotiating.Evolve(state, e); break;
            case FixedPriceSaleAnnounced e: FixedPriceSelling.Evolve(state, e); break;
            case FixedPriceSaleClosed e: FixedPriceSelling.Evolve(state, e); break;
            case ControlImposed e: Controlling.Evolve(state, e); break;
            case LiftAsked e: Controlling.Evolve(state, e); break;
            case ControlLifted e: Controlling.Evolve(state, e); break;
            case BandBreached e: PriceRun.Evolve(state, e); break;
            case LargePositionReached: return state;
            case NothingChanged: break;
            case CallUncrossed e: CallAuction.Evolve(state, e); break;
            case TradingDayOpened e: TradingDay.Evolve(state, e); break;
            case TradingDayClosed e: TradingDay.Evolve(state, e); break;
            case AccountFunded e: Funding.Evolve(state, e); return state;
            case TradeSettled e: Clearing.Evolve(state, e); return state;
            case TradeFailed e: Clearing.Evolve(state, e); return state;
            case HeldUnitsNoted e: RegistryHolding.Evolve(state, e); return state;
            case WithdrawalReleased e: Withdrawal.Evolve(state, e); break;
            case WithdrawalCompleted e: Withdrawal.Evolve(state, e); return state;
            default: throw new UnreachableException($"{@event.GetType().Name} is no fact of a market.");
        }
        // The ledger's facts, which returned above, carry the ledger's time and do not move the market's.
        if (@event.At > state.Now)
            state.Now = @event.At;
        return state;
    }

    public byte[] WriteSnapshot(MarketState state) => CaptureSnapshot(state)();

    public Func<byte[]> CaptureSnapshot(MarketState state)
    {
        var saved = state.Save();
        return () => JsonSerializer.SerializeToUtf8Bytes(saved.InOrder(), JsonSerializerOptions.Web);
    }

    public MarketState ReadSnapshot(ReadOnlyMemory<byte> snapshot) =>
        JsonSerializer.Deserialize<MarketSnapshot>(snapshot.Span, JsonSerializerOptions.Web) is
            { Format: MarketSnapshot.CurrentFormat } saved
            ? MarketState.Load(saved)
            : throw new InvalidDataException($"The snapshot is not of format {MarketSnapshot.CurrentFormat}.");

    private Decision<MarketEvent> DecideInTime(MarketState state, MarketCommand command)
    {
        var at = command.At > state.Now ? command.At : state.Now;
        if (state.NextDue is not { } due || due > at)
            return Reported(state, Decide(state, command, at), at);
        // Who is refused usually leaves no fact behind, and the next command finds the same things overdue.
        var outlook = state.Outlook is { } known && known.Holds(at) ? known : state.Outlook = CatchUp(state, at);
        return Reported(outlook.Ahead, Decide(outlook.Ahead, command, at), at) switch
        {
            Accepted accepted => Accept(outlook.Overdue.AddRange(accepted.Events)),
            Rejected { Facts.IsEmpty: false } tried => tried with { Facts = outlook.Overdue.AddRange(tried.Facts) },
            var rejected => rejected,
        };
    }

    private Decision<MarketEvent> Decide(MarketState state, MarketCommand command, DateTimeOffset at) => command switch
    {
        PlaceOrder order => OrderEntry.Decide(packs.InForce(at), state, order, at),
        ReplaceOrder replace => OrderReplacing.Decide(packs.InForce(at), state, replace, at),
        CancelOrder cancel => OrderEnding.Decide(state, cancel, at),
        CancelAllOrders cancel => OrderEnding.Decide(packs.InForce(at), state, cancel, at),
        EndSession end => OrderEnding.Decide(state, end, at),
        AnnounceAuction auction => Auctioning.Decide(packs.InForce(at), packs.InForce(auction.ClosesAt), state, auction, at),
        RescheduleAuction auction => Rescheduling.Decide(packs.InForce(at), packs.InForce(auction.ClosesAt), state, auction, at),
        AbortAuction auction => AuctionEnding.Decide(packs.InForce(at), state, auction, at),
        PlaceBid bid => Bidding.Decide(packs.InForce(at), state, bid, at),
        WithdrawBid bid => Bidding.Decide(packs.InForce(at), state, bid, at),
        OfferBlock offer => Negotiating.Decide(packs.InForce(at), state, offer, at),
        CounterBlock counter => Negotiating.Decide(packs.InForce(at), state, counter, at),
        AcceptBlock acceptance => Negotiating.Decide(packs.InForce(at), state, acceptance, at),
        EndBlock end => Negotiating.Decide(state, end, at),
        AnnounceSale sale => FixedPriceSelling.Decide(packs.InForce(at), packs.InForce(sale.ClosesAt), state, sale, at),
        WithdrawSale withdrawal => FixedPriceSelling.Decide(state, withdrawal, at),
        BuyFromSale purchase => FixedPriceSelling.Decide(packs.InForce(at), state, purchase, at),
        Withdraw withdrawal => Withdrawal.Decide(state, withdrawal, at),
        ImposeControl control => Controlling.Decide(packs.InForce(at), state, control, at),
        LiftControl lift => Controlling.Decide(packs.InForce(at), state, lift, at),
        ConfirmLift confirmed => Controlling.Decide(packs.InForce(at), state, confirmed, at),
        AdvanceTime => Accept(),
        _ => throw new UnreachableException($"{command.GetType().Name} is no command of a market."),
    };

    private Decision<MarketEvent> Reported(MarketState state, Decision<MarketEvent> decision, DateTimeOffset at) =>
        decision is Accepted { Events.IsEmpty: false } accepted
            ? accepted with { Events = LargePositions.Report(packs.InForce(at), state, accepted.Events, at) }
            : decision;

    /// <summary>
    /// The market as it will be once all that is due has happened. Works on a copy: deciding proposes, only Evolve changes.
    /// </summary>
    private Outlook CatchUp(MarketState state, DateTimeOffset by)
    {
        var overdue = ImmutableArray.CreateBuilder<MarketEvent>();
        var ahead = MarketState.Load(state.Save().InOrder());
        var last = DateTimeOffset.MinValue;
        while (ahead.NextDue is { } due && due <= by)
        {
            last = due;
            var pack = packs.InForce(due);
            var events = LargePositions.Report(pack, ahead, TradingDay.Due(pack, ahead, due), due);
            overdue.AddRange(events);
            foreach (var @event in events)
                ahead = Evolve(ahead, @event);
        }
        return new Outlook(last, ahead, overdue.ToImmutable());
    }
}
