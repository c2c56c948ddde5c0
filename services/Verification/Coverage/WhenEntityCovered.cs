using CarbonMarket.Contracts.Allocation.V1;
using Marten;
using MassTransit;

namespace CarbonMarket.Verification.Coverage;

/// <summary>Remembers who must report for which years; an older revision that arrives late changes nothing.</summary>
public sealed class WhenEntityCovered(IDocumentSession session) : IConsumer<EntityCovered>
{
    public async Task Consume(ConsumeContext<EntityCovered> context)
    {
        var said = CoveredYears.Of(context.Message);
        var known = await session.LoadAsync<CoveredYears>(said.Id, context.CancellationToken);
        if (known?.Revision >= said.Revision)
            return;
        session.Store(said);
        await session.SaveChangesAsync(context.CancellationToken);
    }
}
