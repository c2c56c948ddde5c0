namespace CarbonMarket.ServiceDefaults;

/// <summary>The service's short name (trading, settlement, ...): prefix of its paths, queues, metrics and audit entries.</summary>
public sealed record ServiceName(string Value)
{
    public override string ToString() => Value;
}
