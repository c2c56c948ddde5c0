namespace CarbonMarket.MainJob.Plan;

/// <summary>
/// Where each operator's units ought to be: what the job has asked for, and the trades it was told of, added up. The
/// ledger is asked whether it agrees; a difference means an effect has not arrived yet, or never will.
/// </summary>
public sealed class Holdings
{
    private readonly Dictionary<string, Holding> _holdings;

    public Holdings() => _holdings = new(StringComparer.Ordinal);

    private Holdings(Holdings other) => _holdings = new(other._holdings, StringComparer.Ordinal);

    public Holdings Copy() => new(this);

    public Holding Of(string operatorId) => _holdings.GetValueOrDefault(operatorId);

    public void Allocate(string operatorId, long units) =>
        Set(operatorId, Of(operatorId) with { Registry = Of(operatorId).Registry + units });

    public void MoveToTrading(string operatorId, long units)
    {
        var held = Of(operatorId);
        Set(operatorId, new Holding(held.Registry - units, held.Trading + units));
    }

    public void Withdraw(string operatorId, long units) => MoveToTrading(operatorId, -units);

    public void Buy(string operatorId, long units) =>
        Set(operatorId, Of(operatorId) with { Trading = Of(operatorId).Trading + units });

    public void Sell(string operatorId, long units) => Buy(operatorId, -units);

    public void Surrender(string operatorId, long units) => Allocate(operatorId, -units);

    private void Set(string operatorId, Holding holding)
    {
        if (holding.Registry < 0 || holding.Trading < 0)
            throw new InvalidOperationException($"Operator {operatorId} would hold less than nothing: {holding}.");
        _holdings[operatorId] = holding;
    }
}

/// <param name="Registry">Units on the operator holding account.</param>
/// <param name="Trading">Units on the trading account.</param>
public readonly record struct Holding(long Registry, long Trading)
{
    public long Sum => Registry + Trading;
}
