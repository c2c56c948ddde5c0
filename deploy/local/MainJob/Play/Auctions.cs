using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;

namespace CarbonMarket.MainJob.Play;

/// <summary>
/// A uniform-price auction: its units issued to the auctioneer, bids sent one operator after another so that the order of
/// arrival is the seed's and not the scheduler's, closed by the legal clock.
/// </summary>
public sealed class Auctions(Scene scene, LegalClock clock, Ledger ledger)
{
    /// <summary>Auctions held so far.</summary>
    public int Held { get; private set; }

    public async Task Play(string title, AuctionPlan? plan, DateTimeOffset opens, DateTimeOffset closes,
        IChapter chapter, CancellationToken stopping)
    {
        if (plan is null)
        {
            chapter.Begin(title);
            chapter.Note("nothing is lacking");
            return;
        }
        chapter.Begin(title, plan.Bids.Length);
        await Announce(plan, opens, closes, stopping);
        await clock.Set(opens, stopping);
        await HasStatus(plan.AuctionId, "open", stopping);
        foreach (var bids in plan.Bids)
        {
            await Send(plan.AuctionId, bids, stopping);
            chapter.Step();
        }
        await clock.Set(closes, stopping);
        var result = await HasStatus(plan.AuctionId, "closed", stopping);
        Held++;
        chapter.Note($"{plan.Bids.Length} bidders, {result.SoldQuantity:N0} of {plan.Quantity:N0} t "
            + $"at {result.ClearingPriceMinor / 100m:0.00}");
    }

    private async Task Announce(AuctionPlan plan, DateTimeOffset opens, DateTimeOffset closes, CancellationToken stopping)
    {
        var seller = scene.Cast.Auctioneer;
        await scene.ByTwoOfficials(Scene.Settlement($"issuances/{scene.Ids.For($"issuance:{plan.AuctionId}")}"),
            new NewIssuance(seller.TradingAccountId, Scene.Instrument, null, plan.Quantity), stopping);
        await ledger.IsMirrored("Trading to see the units to be auctioned", stopping);
        await scene.Market.Put(scene.Cast.Regulator.Client, Scene.Trading($"auctions/{plan.AuctionId}"),
            new NewAuction(Scene.Instrument, plan.Quantity, plan.ReservePriceMinor, opens, closes, seller.ParticipantId),
            stopping);
    }

    private Task Send(Guid auctionId, OperatorBids bids, CancellationToken stopping) => scene.Market.PostBatches(
        scene.Cast.Operator(bids.OperatorId).Client, Scene.Trading($"auctions/{auctionId}/bids/batch"),
        bids.Bids.Select(bid => new NewBid(bid.BidId, bid.Quantity, bid.PriceMinor)), _ => { }, stopping);

    private async Task<Auction> HasStatus(Guid auctionId, string status, CancellationToken stopping)
    {
        Auction? auction = null;
        await scene.Waiting.Until($"auction {auctionId} to be {status}", async () =>
        {
            auction = await scene.Market.Get<Auction>(
                scene.Cast.Regulator.Client, Scene.Trading($"auctions/{auctionId}"), stopping);
            return string.Equals(auction.Status, status, StringComparison.Ordinal) ? null : $"It is {auction.Status}.";
        }, stopping);
        return auction!;
    }
}
