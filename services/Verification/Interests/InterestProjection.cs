using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Verification.Interests;

/// <summary>Kept as a document in the same transaction: who is tied to whom is asked across participants.</summary>
public sealed partial class InterestProjection : SingleStreamProjection<Interest, Guid>
{
    public InterestProjection()
    {
        IncludeType<InterestEvent.GroupDeclared>();
        IncludeType<InterestEvent.CompilerNamed>();
    }

    public override Interest Evolve(Interest? snapshot, Guid id, IEvent e) => Interest.After(snapshot, (InterestEvent)e.Data);
}
