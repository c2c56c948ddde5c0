using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using Marten;
using MassTransit;

namespace CarbonMarket.Allocation.Plans;

/// <summary>The ledger has issued plans, or kept back of them what it deducts.</summary>
public sealed class WhenAllocationsBooked(IDocumentSession session) : IConsumer<AllocationsBooked>
{
    public Task Consume(ConsumeContext<AllocationsBooked> context)
    {
        var said = context.Message;
        return session.DecideEach<NoteBooking, PlanBooking, BookingNoted>(
            [.. said.Bookings.Select(booking => new NoteBooking(
                said.Market, booking.PlanId, booking.ParticipantId, Quantity.Of(booking.Issued), Quantity.Of(booking.Deducted), booking.Version, booking.At))],
            command => PlanBooking.StreamId(command.PlanId, command.ParticipantId), PlanBooking.Decide, PlanBooking.After, context.CancellationToken);
    }
}
