using System.Collections.Immutable;
using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;

namespace CarbonMarket.MainJob.Play;

/// <summary>Opens a year's market: free allocation issued, cash and the units for sale on the trading accounts.</summary>
public sealed class Opening(Scene scene, Ledger ledger)
{
    public const int Phases = 2;

    /// <returns>What the long operators offer this year.</returns>
    public async Task<ImmutableArray<Movement>> Play(int year, IChapter chapter, CancellationToken stopping)
    {
        await Allocate(year, chapter, stopping);
        var offers = scene.Plan.Offers(year, scene.Holdings);
        await Fund(year, offers, chapter, stopping);
        return offers;
    }

    private async Task Allocate(int year, IChapter chapter, CancellationToken stopping)
    {
        chapter.Begin("free allocation");
        var lines = scene.Extract.Operators
            .Where(row => row.AllocatedIn(year) > 0)
            .Select(row => new PlanLine(scene.Cast.Operator(row.Id).ParticipantId, row.AllocatedIn(year))).ToList();
        if (lines.Count == 0)
            return;
        await scene.ByTwoOfficials(Scene.Allocation($"plans/{scene.Ids.For("plan", year)}"),
            new NewPlan(year, Scene.Instrument, lines), stopping);
        foreach (var row in scene.Extract.Operators)
            scene.Holdings.Allocate(row.Id, row.AllocatedIn(year));
        await ledger.Agrees($"the free allocation of {year} on the operators' accounts", stopping);
        chapter.Note($"{lines.Count} operators, {lines.Sum(line => line.Quantity):N0} t");
    }

    private async Task Fund(
        int year, ImmutableArray<Movement> offers, IChapter chapter, CancellationToken stopping)
    {
        var deposits = scene.Plan.Deposits(year, scene.Holdings);
        var transfers = scene.Plan.Transfers(year, scene.Holdings, offers);
        chapter.Begin("cash and units to the trading accounts", deposits.Length + transfers.Length);
        await scene.Market.PostBatches(scene.Cast.FirstOperator, Scene.Settlement("cash-deposits/batch"),
            deposits.Select(cash => new NewDeposit(cash.Id, scene.Cast.Operator(cash.OperatorId).TradingAccountId, cash.Amount)),
            chapter.Step, stopping);
        await Scene.InParallel(transfers, chapter, (transfer, token) =>
        {
            var member = scene.Cast.Operator(transfer.OperatorId);
            return scene.Market.Put(member.Client, Scene.Settlement($"transfers/{transfer.Id}"),
                new NewTransfer(member.HoldingAccountId, member.TradingAccountId, Scene.Instrument, transfer.Amount), token);
        }, stopping);
        foreach (var transfer in transfers)
            scene.Holdings.MoveToTrading(transfer.OperatorId, transfer.Amount);
        await ledger.IsMirrored($"Trading to see the cash and units of {year}", stopping);
        chapter.Note($"{deposits.Length} deposits, {transfers.Length} transfers of {transfers.Sum(each => each.Amount):N0} t");
    }
}
