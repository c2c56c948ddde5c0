using System.Collections.Immutable;
using CarbonMarket.Kernel;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.AcceptedEmissions.EmissionsNoted>;

namespace CarbonMarket.Allocation.AcceptedEmissions;

/// <summary>Verification has accepted an entity's emissions of a year, or accepted them anew.</summary>
public sealed record NoteEmissions(string Market, Guid ParticipantId, ComplianceYear Year, Guid ReportId, long ReportVersion, Tonnes Verified, DateTimeOffset AcceptedAt);

/// <summary>Stored for ever: change only by adding.</summary>
public sealed record EmissionsNoted(string Market, Guid ParticipantId, ComplianceYear Year, Guid ReportId, long ReportVersion, Tonnes Verified, DateTimeOffset At);

/// <param name="EventId">The event by which it was noted here: where traces point to.</param>
public sealed record AcceptedFigure(long ReportVersion, Tonnes Verified, DateTimeOffset At, Guid EventId);

/// <summary>What of an entity's emissions has been accepted, year by year (经核查排放量).</summary>
public sealed record AcceptedFigures(Guid Id, string Market, Guid ParticipantId, ImmutableSortedDictionary<int, AcceptedFigure> Years)
{
    public static Guid StreamId(string market, Guid participantId) => DeterministicGuid.From(participantId, $"allocation:accepted-emissions:{market}");

    public AcceptedFigure? In(int year) => Years.GetValueOrDefault(year);

    /// <summary>An older version that arrives late changes nothing.</summary>
    public static Decision<EmissionsNoted> Decide(AcceptedFigures? known, NoteEmissions c) => known?.In(c.Year.Value)?.ReportVersion >= c.ReportVersion
        ? Accept()
        : Accept(new EmissionsNoted(c.Market, c.ParticipantId, c.Year, c.ReportId, c.ReportVersion, c.Verified, c.AcceptedAt));

    public static AcceptedFigures After(AcceptedFigures? known, EmissionsNoted e, Guid eventId)
    {
        var figures = known ?? new AcceptedFigures(
            StreamId(e.Market, e.ParticipantId), e.Market, e.ParticipantId, ImmutableSortedDictionary<int, AcceptedFigure>.Empty);
        return figures with { Years = figures.Years.SetItem(e.Year.Value, new AcceptedFigure(e.ReportVersion, e.Verified, e.At, eventId)) };
    }
}
