using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using Marten;
using MassTransit;

namespace CarbonMarket.Allocation.AcceptedEmissions;

/// <summary>The regulator accepted a report, or an amended one: allowances are computed from its figure.</summary>
public sealed class WhenEmissionsAccepted(IDocumentSession session) : IConsumer<EmissionsAccepted>
{
    public Task Consume(ConsumeContext<EmissionsAccepted> context)
    {
        var said = context.Message;
        var command = new NoteEmissions(
            said.Market, said.ParticipantId, ComplianceYear.Of(said.Year), said.ReportId, said.ReportVersion, Tonnes.Of(said.VerifiedTonnes), said.AcceptedAt);
        return session.AgainAfterClash(() => session.Decide<AcceptedFigures, EmissionsNoted>(
            AcceptedFigures.StreamId(said.Market, said.ParticipantId), known => AcceptedFigures.Decide(known, command), context.CancellationToken));
    }
}
