namespace CarbonMarket.Contracts.Verification.V1;

/// <summary>
/// An accepted figure replaced an earlier one of the same entity and year: what <see cref="EmissionsAccepted"/> said anew, and
/// by how much it differs. Owner: Verification. Read by: whoever adjusts what followed from the earlier figure. Key:
/// ReportId, ReportVersion.
/// </summary>
public sealed record EmissionsAmended
{
    public required string Market { get; init; }

    public required Guid ParticipantId { get; init; }

    public required Guid ReportId { get; init; }

    /// <summary>The version whose figure counts now.</summary>
    public required long ReportVersion { get; init; }

    /// <summary>The version whose figure counted until now.</summary>
    public required long PreviousReportVersion { get; init; }

    public required int Year { get; init; }

    /// <summary>Whole tonnes of CO2 equivalent.</summary>
    public required long VerifiedTonnes { get; init; }

    public required long PreviousVerifiedTonnes { get; init; }

    /// <summary>Now minus until now; below zero where the figure fell.</summary>
    public required long DeltaTonnes { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }
}
