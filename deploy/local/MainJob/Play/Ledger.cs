using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;

namespace CarbonMarket.MainJob.Play;

/// <summary>Asks the registry's ledger and Trading's mirror of it whether they stand where the job's own sums say.</summary>
public sealed class Ledger(Scene scene)
{
    /// <summary>Waits until every operator's accounts hold exactly what was asked for.</summary>
    public Task Agrees(string effect, CancellationToken stopping) => scene.Waiting.Until(effect, async () =>
    {
        var accounts = await scene.Market.List<Account>(
            scene.Cast.Regulator.Client, Scene.Settlement("accounts"), stopping);
        var units = accounts.ToDictionary(account => account.AccountId, UnitsOn);
        var wrong = scene.Extract.Operators.Select(row => Difference(row.Id, units)).OfType<string>().ToList();
        return wrong.Count == 0 ? null : $"{wrong.Count} operators differ, the first: {wrong[0]}";
    }, stopping);

    /// <summary>Waits until Trading's mirror of the trading accounts equals the ledger.</summary>
    public Task IsMirrored(string effect, CancellationToken stopping) => scene.Waiting.Until(effect, async () =>
    {
        var reconciliation = await scene.Market.Get<Reconciliation>(
            scene.Cast.FirstOperator, Scene.Trading("reconciliation"), stopping);
        return reconciliation.Matches || reconciliation.Differences.Count == 0
            ? null
            : $"{reconciliation.Differences.Count} accounts differ, the first: {reconciliation.Differences[0]}";
    }, stopping);

    private string? Difference(string operatorId, Dictionary<Guid, long> units)
    {
        var member = scene.Cast.Operator(operatorId);
        var expected = scene.Holdings.Of(operatorId);
        var found = new Holding(
            units.GetValueOrDefault(member.HoldingAccountId), units.GetValueOrDefault(member.TradingAccountId));
        return found == expected
            ? null
            : $"operator {operatorId} has {found.Registry} t in the registry and {found.Trading} t for trading, "
                + $"expected are {expected.Registry} and {expected.Trading}.";
    }

    private static long UnitsOn(Account account) => account.Units
        .Where(units => string.Equals(units.Instrument, Scene.Instrument, StringComparison.Ordinal))
        .Sum(units => units.Available + units.PendingOut);
}
