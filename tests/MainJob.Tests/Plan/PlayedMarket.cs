using System.Collections.Immutable;
using CarbonMarket.MainJob.Registry;

namespace CarbonMarket.MainJob.Plan;

/// <summary>
/// Plays a plan against the simplest market there can be: auctions fill the highest bids, a session crosses a share of what
/// is offered in the order it comes. Enough to see whether a plan holds whatever the real market does with it.
/// </summary>
internal sealed class PlayedMarket(RegistryExtract extract, long seed, int crossedPercent)
{
    public MarketPlan Plan { get; } = new(extract, seed);

    public Holdings Holdings { get; } = new();

    public List<YearPlayed> Years { get; } = [];

    public PlayedMarket Play()
    {
        foreach (var year in extract.Years)
            PlayYear(year);
        return this;
    }

    private void PlayYear(int year)
    {
        foreach (var row in extract.Operators)
            Holdings.Allocate(row.Id, row.AllocatedIn(year));
        var offers = Plan.Offers(year, Holdings);
        foreach (var transfer in Plan.Transfers(year, Holdings, offers))
            Holdings.MoveToTrading(transfer.OperatorId, transfer.Amount);
        var opening = Holdings.Copy();
        var deposits = Plan.Deposits(year, Holdings);
        var first = Plan.FirstAuction(year, Holdings, offers);
        Hold(first);
        var sessions = new List<ImmutableArray<OperatorOrders>>();
        for (var session = 1; session <= MarketPlan.Sessions; session++)
        {
            sessions.Add(Plan.Session(year, session, Holdings, offers, opening));
            Cross(sessions[^1]);
        }
        var final = Plan.FinalAuction(year, Holdings);
        Hold(final);
        foreach (var withdrawal in Plan.Withdrawals(year, Holdings))
            Holdings.Withdraw(withdrawal.OperatorId, withdrawal.Amount);
        foreach (var surrender in Plan.Surrenders(year))
            Holdings.Surrender(surrender.OperatorId, surrender.Amount);
        Years.Add(new YearPlayed(year, opening, offers, deposits, first, [.. sessions], final));
    }

    private void Hold(AuctionPlan? auction)
    {
        var left = auction?.Quantity ?? 0;
        foreach (var (bidder, bid) in Sorted(auction))
        {
            var won = Math.Min(left, bid.Quantity);
            left -= won;
            Holdings.Buy(bidder, won);
        }
    }

    private static IEnumerable<(string Bidder, Bid Bid)> Sorted(AuctionPlan? auction) =>
        (auction?.Bids ?? []).SelectMany(each => each.Bids.Select(bid => (each.OperatorId, bid)))
        .OrderByDescending(each => each.bid.PriceMinor);

    private void Cross(ImmutableArray<OperatorOrders> orders)
    {
        long Asked(Side side) => orders.SelectMany(each => each.Orders).Where(order => order.Side == side).Sum(order => order.Quantity);
        var crossed = Math.Min(Asked(Side.Buy), Asked(Side.Sell)) * crossedPercent / 100;
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            var left = crossed;
            foreach (var (trader, order) in orders.SelectMany(each => each.Orders.Select(order => (each.OperatorId, order)))
                .Where(each => each.order.Side == side))
            {
                var filled = Math.Min(left, order.Quantity);
                left -= filled;
                if (side == Side.Buy)
                    Holdings.Buy(trader, filled);
                else
                    Holdings.Sell(trader, filled);
            }
        }
    }

    internal sealed record YearPlayed(int Year, Holdings Opening, ImmutableArray<Movement> Offers, ImmutableArray<Movement> Deposits,
        AuctionPlan? First, ImmutableArray<ImmutableArray<OperatorOrders>> Sessions, AuctionPlan? Final);
}
