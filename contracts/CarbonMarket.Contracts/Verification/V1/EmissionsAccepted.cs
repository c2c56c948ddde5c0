namespace CarbonMarket.Contracts.Verification.V1;

/// <summary>
/// The regulator accepted an entity's verified emissions (经核查的排放量) for a year. A later version of the same report
/// replaces the figure. Owner: Verification. Read by: Settlement, Allocation. Key: Market, ParticipantId, Year, ReportVersion.
/// </summary>
public sealed record EmissionsAccepted
{
    public required string Market { get; init; }

    public required Guid ParticipantId { get; init; }

    public required Guid ReportId { get; init; }

    /// <summary>Counts from 1 for each report.</summary>
    public required long ReportVersion { get; init; }

    public required int Year { get; init; }

    /// <summary>Whole tonnes of CO2 equivalent.</summary>
    public required long VerifiedTonnes { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }
}
