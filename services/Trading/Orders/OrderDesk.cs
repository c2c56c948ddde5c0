using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.Orders;

/// <param name="Id">The order's id.</param>
/// <param name="Outcome">Whether it was accepted; a repeat is answered as the first time.</param>
/// <param name="Code">Why it was rejected; stable. Null: it was accepted.</param>
/// <param name="Reason">The same in words; null: it was accepted.</param>
/// <param name="FilledQuantity">Units traded the moment it was accepted.</param>
/// <param name="Status">
/// What it was when it had been matched; null when rejected. A repeat so late that the first answer is forgotten is told
/// how the order stands.
/// </param>
/// <param name="CancelReason">Why what was left of it is cancelled already, as the order itself says it; null: it is not.</param>
public sealed record OrderResult(
    Guid Id, ItemOutcome Outcome, string? Code, string? Reason, long FilledQuantity, OrderStatus? Status, string? CancelReason);

/// <summary>Where all doors of order entry lead: whichever a trader comes by, the ids, the rules and the answers are the same.</summary>
public sealed class OrderDesk(FindOrders orders, TimeProvider clock, MessageRate rate)
{
    /// <summary>Why orders or replacements of a stream go no further: its participant sends too many. By REST the doors ask.</summary>
    public Refusal? TooFast(Venue venue, HttpContext caller, int messages) =>
        rate.Refuse(venue.PackAt(clock.GetUtcNow()), caller.User.ParticipantId(), messages)?.Refusal;

    /// <summary>Orders that are well formed, decided in their order, each on its own, and committed as a group.</summary>
    public async Task<(OrderResult[] Results, long Version)> Place(
        Venue venue, HttpContext caller, IReadOnlyList<NewOrder> placed, Guid? session, CancellationToken cancellationToken)
    {
        var (at, provenance, participant) = (clock.GetUtcNow(), caller.Provenance(), caller.User.ParticipantId());
        var waiting = new Task<Outcome<MarketEvent>>[placed.Count];
        for (var i = 0; i < waiting.Length; i++)
            waiting[i] = venue.Execute(
                caller.CommandId(placed[i].OrderId!.Value), placed[i].ToCommand(participant, provenance.Actor.Subject, session, at), provenance, cancellationToken);
        var outcomes = await Task.WhenAll(waiting);
        var results = new OrderResult[waiting.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = await Answer(venue, placed[i], outcomes[i], cancellationToken);
        return (results, venue.Engine.Version);
    }

    public Task<Outcome<MarketEvent>> Replace(
        Venue venue, HttpContext caller, Guid replacementId, Guid orderId, Quantity quantity, Price price, CancellationToken cancellationToken) =>
        venue.Execute(
            caller.CommandId(replacementId), new ReplaceOrder(orderId, caller.User.ParticipantId(), quantity, price, clock.GetUtcNow())
            {
                Representative = caller.Actor().Subject,
            },
            caller.Provenance(), cancellationToken);

    /// <summary>Each is a command of its own: what was cancelled stays so when it is cancelled again.</summary>
    public Task<Outcome<MarketEvent>> Cancel(Venue venue, HttpContext caller, Guid orderId, CancellationToken cancellationToken) =>
        venue.Execute(
            Guid.CreateVersion7(), new CancelOrder(orderId, caller.User.ParticipantId(), clock.GetUtcNow()), caller.Provenance(), cancellationToken);

    /// <summary>Counts as a message and is never refused for it: who sends too many must be able to stop.</summary>
    public Task<Outcome<MarketEvent>> CancelAll(
        Venue venue, HttpContext caller, Guid cancellationId, string? instrument, Side? side, CancellationToken cancellationToken) =>
        venue.Execute(
            caller.CommandId(cancellationId), new CancelAllOrders(caller.User.ParticipantId(), instrument, side, clock.GetUtcNow())
            {
                BeyondRate = TooFast(venue, caller, messages: 1) is not null,
            },
            caller.Provenance(), cancellationToken);

    private async ValueTask<OrderResult> Answer(
        Venue venue, NewOrder order, Outcome<MarketEvent> outcome, CancellationToken cancellationToken) =>
        outcome is Outcome<MarketEvent>.Accepted { Events.IsEmpty: true }
            && await orders.Find(venue, order.OrderId!.Value, cancellationToken) is { } earlier
            ? new OrderResult(earlier.OrderId, ItemOutcome.Accepted, null, null, earlier.FilledQuantity.Value, earlier.Status, earlier.CancelReason)
            : Answer(order, outcome);

    private static OrderResult Answer(NewOrder order, Outcome<MarketEvent> outcome)
    {
        var id = order.OrderId!.Value;
        if (outcome is Outcome<MarketEvent>.Rejected rejected)
            return new OrderResult(id, ItemOutcome.Rejected, rejected.Code, rejected.Reason, 0, null, null);
        var (filled, withdrawn, cancelled) = (0L, 0L, (string?)null);
        foreach (var @event in ((Outcome<MarketEvent>.Accepted)outcome).Events)
        {
            switch (@event)
            {
                case TradeExecuted trade when trade.BuyOrderId == id || trade.SellOrderId == id:
                    filled += trade.Quantity.Value;
                    break;
                case OrderReduced reduced when reduced.OrderId == id:
                    withdrawn += reduced.By.Value;
                    break;
                case OrderCancelled gone when gone.OrderId == id:
                    cancelled = gone.Reason;
                    break;
            }
        }
        var status = filled + withdrawn == order.Quantity ? OrderStatus.Filled : cancelled is null ? OrderStatus.Open : OrderStatus.Cancelled;
        return new OrderResult(id, ItemOutcome.Accepted, null, null, filled, status, cancelled);
    }
}
