using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using MassTransit;

namespace CarbonMarket.Settlement.Debts;

/// <summary>A plan gives less than was issued: what is too much becomes a debt (待缴回), line by line.</summary>
public sealed class WhenAllocationLowered(Ledgers ledgers) : IConsumer<AllocationLowered>
{
    public async Task Consume(ConsumeContext<AllocationLowered> context)
    {
        var (plan, ledger) = (context.Message, ledgers[context.Message.Market]);
        // The plan was computed and approved by two officials; the second answers for it here.
        var official = new Person(plan.ApprovedBy, Guid.Empty, IsOfficial: true);
        for (var line = 0; line < plan.Lines.Count; line++)
        {
            var reduction = DeterministicGuid.From(plan.PlanId, "allocation-lowered", plan.FromLine + line);
            await ledger.Record(reduction, new ReduceAllocation(
                reduction, plan.Lines[line].ParticipantId, plan.Instrument, ComplianceYear.Of(plan.Year), Quantity.Of(plan.Lines[line].Final),
                $"Allocation plan {plan.PlanId}", official, plan.ApprovedAt), context.Provenance(), context.CancellationToken);
        }
    }
}
