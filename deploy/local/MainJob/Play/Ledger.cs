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

    /// <summary>Waits until Allocation knows of every plan what the ledger has issued of it.</summary>
    public Task IsBooked(string effect, CancellationToken stopping) => scene.Waiting.Until(effect, async () =>
    {
        foreach (var year in scene.Extract.Years)
        {
            var bookings = await scene.Market.List<Booking>(
                scene.Cast.Regulator.Client, Scene.Allocation($"plans/{scene.Ids.For("plan", year)}/bookings"), stopping);
            var (booked, allocated) = (bookings.Sum(booking => booking.Issued), scene.Extract.Operators.Sum(row => row.AllocatedIn(year)));
            if (booked != allocated)
                return $"Of the plan for {year}, {booked} of {allocated} t are noted as issued; {await Refused(stopping)}.";
        }
        return null;
    }, stopping);

    private async Task<string> Refused(CancellationToken stopping)
    {
        var queues = await scene.Market.Get<ErrorQueues>(scene.Cast.FirstOperator, "allocation/errors", stopping);
        var waiting = queues.Items.Where(queue => queue.Messages > 0).Select(queue => $"{queue.Messages} in {queue.Queue}").ToList();
        return waiting.Count == 0 ? "Allocation refused no message" : $"of its messages Allocation could not take {string.Join(", ", waiting)}";
    }

    /// <summary>
    /// Waits until the settlement bank's statements are held against the ledger of every day that is over. It is done day after day and
    /// takes a moment when time has leapt; a day that differs becomes an event.
    /// </summary>
    public async Task IsReconciledWithTheBank(string effect, CancellationToken stopping)
    {
        var clock = await scene.Market.Get<ClockReading>(scene.Cast.Auditor.Client, "settlement/clock", stopping);
        // In London it is never earlier in the day than by universal time.
        var today = DateOnly.FromDateTime(clock.LegalTime.UtcDateTime);
        var yesterday = today.AddDays(-1);
        // Of a sandbox whose clock has not been set yet, days of the computer's own time are reconciled as well: they are no part of this.
        var beforeToday = Scene.Settlement($"bank-reconciliations?limit=1&after={today:O}");
        if (await HasBank(yesterday, stopping))
            await scene.Waiting.Until(effect, async () =>
            {
                var newest = await scene.Market.Get<Page<BankReconciliation>>(scene.Cast.Auditor.Client, beforeToday, stopping);
                return newest.Items is [{ Found.Day: var day }] && day == yesterday
                    ? null
                    : $"They have come to {(newest.Items is [var reached] ? $"{reached.Found.Day:O}" : "no day")}, not to {yesterday:O}.";
            }, stopping);
    }

    private async Task<bool> HasBank(DateOnly day, CancellationToken stopping)
    {
        try
        {
            await scene.Market.Get<ReconciledDay>(scene.Cast.Auditor.Client, Scene.Settlement($"bank-reconciliations/{day:O}"), stopping);
            return true;
        }
        catch (RefusedException refused) when (refused.Code == "no-settlement-bank")
        {
            return false;
        }
    }

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
