using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using MassTransit;

namespace CarbonMarket.Settlement.Allocations;

/// <summary>
/// A plan was approved by two officials: its units are issued, and where it gives less than was issued the rest becomes a debt
/// (待缴回), line by line. Both by one consumer, so from one queue: what a plan lowers has been issued by an earlier one.
/// </summary>
public sealed class WhenAllocationApproved(Ledgers ledgers) : IConsumer<AllocationApproved>, IConsumer<AllocationLowered>
{
    public Task Consume(ConsumeContext<AllocationApproved> context)
    {
        var (plan, ledger) = (context.Message, ledgers[context.Message.Market]);
        var command = new AllocateUnits(
            plan.PlanId, ComplianceYear.Of(plan.Year), plan.Instrument, plan.FromLine,
            [.. plan.Lines.Select(line => new AllocationLine(line.ParticipantId, Quantity.Of(line.Quantity), line.InTrust))], plan.ApprovedAt);
        // The pack's version is part of the id: what it refuses (an instrument it lacks) can be replayed once it has been corrected.
        var id = DeterministicGuid.From(plan.PlanId, $"allocation:{ledger.Packs.InForce(plan.ApprovedAt).Version}", plan.FromLine);
        return ledger.Record(id, command, context.Provenance(), context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<AllocationLowered> context)
    {
        var (plan, ledger) = (context.Message, ledgers[context.Message.Market]);
        // The plan was computed and approved by two officials; the second answers for it here.
        var official = new Person(plan.ApprovedBy, Guid.Empty, IsOfficial: true);
        // A refused line keeps no other from being done; all that were refused are told at the end, for the error queue.
        var refused = new List<string>();
        for (var line = 0; line < plan.Lines.Count; line++)
        {
            var reduction = DeterministicGuid.From(plan.PlanId, "allocation-lowered", plan.FromLine + line);
            var command = new ReduceAllocation(
                reduction, plan.Lines[line].ParticipantId, plan.Instrument, ComplianceYear.Of(plan.Year), Quantity.Of(plan.Lines[line].Final),
                $"Allocation plan {plan.PlanId}", official, plan.ApprovedAt, ByPlan: true);
            // What is done is known by its reduction; what was refused is decided anew when the message is replayed.
            if (await ledger.Execute(ledger.IdOfWord(reduction, "lowered"), command, context.Provenance(), context.CancellationToken) is Outcome<LedgerEvent>.Rejected refusal)
                refused.Add($"line {plan.FromLine + line} ({refusal.Code}): {refusal.Reason}");
        }
        if (refused.Count > 0)
            throw new InvalidOperationException($"The ledger of {plan.Market} refused of plan {plan.PlanId}: {string.Join("; ", refused)}");
    }
}
