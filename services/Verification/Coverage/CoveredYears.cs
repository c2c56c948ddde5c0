using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Kernel;

namespace CarbonMarket.Verification.Coverage;

/// <summary>What Allocation last said of a participant's years in a market.</summary>
public sealed record CoveredYears(Guid Id, int FirstYear, int? LastYear, long Revision)
{
    public static Guid IdOf(string market, Guid participantId) => DeterministicGuid.From(participantId, $"verification:coverage:{market}");

    public static CoveredYears Of(EntityCovered said) => new(IdOf(said.Market, said.ParticipantId), said.FirstYear, said.LastYear, said.Revision);

    public bool Spans(ComplianceYear year) => FirstYear <= year.Value && !(year.Value > LastYear);
}
