using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;
using MassTransit;
using AllocationMessages = CarbonMarket.Contracts.Allocation.V1;
using VerificationMessages = CarbonMarket.Contracts.Verification.V1;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>A participant owes for a span of years, or the span has changed.</summary>
public sealed class WhenEntityCovered(Ledgers ledgers) : IConsumer<AllocationMessages.EntityCovered>
{
    public async Task Consume(ConsumeContext<AllocationMessages.EntityCovered> context)
    {
        var (said, ledger) = (context.Message, ledgers[context.Message.Market]);
        var command = new CoverEntity(
            said.ParticipantId, ComplianceYear.Of(said.FirstYear), said.LastYear is { } last ? ComplianceYear.Of(last) : null, said.Revision, said.At);
        await ledger.Record(
            DeterministicGuid.From(said.ParticipantId, $"{said.Market}:covered", said.Revision), command, context.Provenance(), context.CancellationToken);
        await LedgerDuties.GoOn(ledger, command.At, context.CancellationToken);
    }
}

/// <summary>An entity owes nothing for one year, or owes it again.</summary>
public sealed class WhenEntityExcluded(Ledgers ledgers) : IConsumer<AllocationMessages.EntityExcluded>
{
    public async Task Consume(ConsumeContext<AllocationMessages.EntityExcluded> context)
    {
        var (said, ledger) = (context.Message, ledgers[context.Message.Market]);
        var command = new SetExclusion(said.ParticipantId, ComplianceYear.Of(said.Year), said.Excluded, said.Revision, said.At);
        await ledger.Record(
            DeterministicGuid.From(said.ParticipantId, $"{said.Market}:excluded:{said.Year}", said.Revision), command,
            context.Provenance(), context.CancellationToken);
        await LedgerDuties.GoOn(ledger, command.At, context.CancellationToken);
    }
}

/// <summary>The regulator has accepted a year's verified emissions.</summary>
public sealed class WhenEmissionsAccepted(Ledgers ledgers) : IConsumer<VerificationMessages.EmissionsAccepted>
{
    public async Task Consume(ConsumeContext<VerificationMessages.EmissionsAccepted> context)
    {
        var (said, ledger) = (context.Message, ledgers[context.Message.Market]);
        var command = new RecordEmissions(
            said.ParticipantId, ComplianceYear.Of(said.Year), Quantity.Of(said.VerifiedTonnes), said.ReportId, said.ReportVersion, said.AcceptedAt);
        await ledger.Record(
            DeterministicGuid.From(said.ReportId, "emissions", said.ReportVersion), command, context.Provenance(), context.CancellationToken);
        await LedgerDuties.GoOn(ledger, command.At, context.CancellationToken);
    }
}
