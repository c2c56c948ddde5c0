namespace CarbonMarket.Contracts.Settlement.V1;

/// <summary>
/// Released units or cash have left the trading account for the registry side. Owner: Settlement. Read by: Trading.
/// Key: WithdrawalId.
/// </summary>
public sealed record WithdrawalCompleted
{
    public required string Market { get; init; }

    public required Guid WithdrawalId { get; init; }

    public required Guid ParticipantId { get; init; }

    public required DateTimeOffset At { get; init; }
}
