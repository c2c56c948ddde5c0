using System.Collections.Immutable;
using CarbonMarket.MainJob.Registry;

namespace CarbonMarket.MainJob.Plan;

/// <summary>
/// How much an operator surrenders for each year. The registry publishes only the sum; each year pays what is due so far
/// as far as the sum reaches, and the last year the rest, so an operator that paid late or too much does so at the end.
/// </summary>
public static class SurrenderPlan
{
    public static ImmutableSortedDictionary<int, long> For(Operator row, ImmutableArray<int> years)
    {
        var plan = ImmutableSortedDictionary.CreateBuilder<int, long>();
        long due = 0, paid = 0;
        foreach (var year in years)
        {
            due += row.EmittedIn(year) ?? 0;
            var left = row.CumulativeSurrenders - paid;
            var pays = year == years[^1] ? left : Math.Min(due - paid, left);
            plan.Add(year, pays);
            paid += pays;
        }
        return plan.ToImmutable();
    }
}
