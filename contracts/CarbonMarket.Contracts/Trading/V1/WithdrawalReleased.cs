namespace CarbonMarket.Contracts.Trading.V1;

/// <summary>
/// Trading let go of units or cash that were free on a trading account; Settlement moves them to the registry side.
/// Exactly one of Quantity and CashMinor is above zero. Owner: Trading. Read by: Settlement. Key: WithdrawalId.
/// </summary>
public sealed record WithdrawalReleased
{
    public required string Market { get; init; }

    public required Guid WithdrawalId { get; init; }

    public required Guid ParticipantId { get; init; }

    /// <summary>Null when cash is withdrawn.</summary>
    public string? Instrument { get; init; }

    public required long Quantity { get; init; }

    public required long CashMinor { get; init; }

    public required DateTimeOffset ReleasedAt { get; init; }
}
