using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;
using MassTransit;

namespace CarbonMarket.Settlement.Allocations;

/// <summary>A plan was approved by two officials: its units are issued, line by line.</summary>
public sealed class WhenAllocationApproved(Ledgers ledgers) : IConsumer<AllocationApproved>
{
    public Task Consume(ConsumeContext<AllocationApproved> context)
    {
        var (plan, ledger) = (context.Message, ledgers[context.Message.Market]);
        var command = new AllocateUnits(
            plan.PlanId, ComplianceYear.Of(plan.Year), plan.Instrument, plan.FromLine,
            [.. plan.Lines.Select(line => new AllocationLine(line.ParticipantId, Quantity.Of(line.Quantity)))], plan.ApprovedAt);
        // The pack's version is part of the id: what it refuses (an instrument it lacks) can be replayed once it has been corrected.
        var id = DeterministicGuid.From(plan.PlanId, $"allocation:{ledger.Packs.InForce(plan.ApprovedAt).Version}", plan.FromLine);
        return ledger.Record(id, command, context.Provenance(), context.CancellationToken);
    }
}
