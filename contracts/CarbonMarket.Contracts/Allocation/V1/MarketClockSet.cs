namespace CarbonMarket.Contracts.Allocation.V1;

/// <summary>
/// The sandbox's legal clock was set or advanced. Never sent in production. Owner: Allocation. Read by: every service
/// instance. Key: Version.
/// </summary>
public sealed record MarketClockSet
{
    /// <summary>Counts from 1; a reader ignores a version that is not above the one it follows.</summary>
    public required long Version { get; init; }

    /// <summary>Legal time at the moment <see cref="SetAt"/>.</summary>
    public required DateTimeOffset LegalTime { get; init; }

    /// <summary>System time at which the clock was set.</summary>
    public required DateTimeOffset SetAt { get; init; }

    /// <summary>True: legal time runs on from there at the system's pace. False: it stands still until set again.</summary>
    public required bool Running { get; init; }
}
