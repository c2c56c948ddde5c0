using System.Collections.Immutable;
using CarbonMarket.MainJob.Registry;

namespace CarbonMarket.MainJob.Plan;

/// <summary>
/// What every operator does in one year's market, decided from the registry's figures, the seed and the trades so far.
/// Pure: asked twice with the same holdings it answers the same.
/// </summary>
public sealed class MarketPlan
{
    public const int Sessions = 3;

    /// <summary>Auctions leave some of the demand to the order book and to the year's last auction.</summary>
    private const long FirstAuctionPercent = 60;

    /// <summary>Buyers in a session ask for this much more than is offered, so that sellers find takers.</summary>
    private const long SessionDemandPercent = 150;

    private const long LeastBuyers = 20;

    private readonly ImmutableDictionary<string, ImmutableSortedDictionary<int, long>> _surrenders;
    private readonly RegistryExtract _extract;
    private readonly Ids _ids;
    private readonly long _seed;

    public MarketPlan(RegistryExtract extract, long seed)
    {
        (_extract, _seed, _ids) = (extract, seed, new Ids(seed));
        _surrenders = extract.Operators.ToImmutableDictionary(
            row => row.Id, row => SurrenderPlan.For(row, extract.Years), StringComparer.Ordinal);
    }

    /// <summary>Units to be surrendered for a year; 0 for many.</summary>
    public long Due(string operatorId, int year) => _surrenders[operatorId][year];

    /// <summary>Units an operator lacks for the year's surrender, whichever of its accounts the others are on.</summary>
    public long Shortage(string operatorId, int year, Holdings holdings) =>
        Math.Max(0, Due(operatorId, year) - holdings.Of(operatorId).Sum);

    public long Shortage(int year, Holdings holdings) =>
        _extract.Operators.Sum(row => Shortage(row.Id, year, holdings));

    /// <summary>What long operators bring to market: a part of their surplus, for some keep a reserve.</summary>
    public ImmutableArray<Movement> Offers(int year, Holdings holdings) =>
    [
        .. from row in _extract.Operators
           let surplus = holdings.Of(row.Id).Sum - Due(row.Id, year)
           where surplus > 0
           let percent = SeededRandom.For(_seed, "offer", year, row.Id).Between(50, 100)
           let offer = (surplus * percent + 99) / 100
           select new Movement(_ids.For("offer", year, row.Id), row.Id, offer),
    ];

    /// <summary>Moves to the trading accounts that the offers need; what lies there already is not moved again.</summary>
    public ImmutableArray<Movement> Transfers(int year, Holdings holdings, ImmutableArray<Movement> offers) =>
    [
        .. from offer in offers
           let lacking = offer.Amount - holdings.Of(offer.OperatorId).Trading
           where lacking > 0
           select new Movement(_ids.For("transfer", year, offer.OperatorId), offer.OperatorId, lacking),
    ];

    /// <summary>Cash in pence for everything an operator may buy this year, at the highest price it may offer.</summary>
    public ImmutableArray<Movement> Deposits(int year, Holdings holdings) =>
    [
        .. from row in _extract.Operators
           let shortage = Shortage(row.Id, year, holdings)
           where shortage > 0
           let cash = shortage * new Prices(_seed, year).Highest
           select new Movement(_ids.For("deposit", year, row.Id), row.Id, cash),
    ];

    /// <summary>Null when the offers of the long operators may serve everybody.</summary>
    public AuctionPlan? FirstAuction(int year, Holdings holdings, ImmutableArray<Movement> offers)
    {
        var lacking = Shortage(year, holdings) - offers.Sum(offer => offer.Amount);
        var bids = FirstBids(year, holdings);
        var quantity = Math.Min(lacking * FirstAuctionPercent / 100, bids.Sum(each => each.Quantity) * 80 / 100);
        return quantity <= 0
            ? null
            : new AuctionPlan(_ids.For("first-auction", year), quantity, new Prices(_seed, year).Reserve, NoneAbove(quantity, bids));
    }

    /// <summary>
    /// Orders of one continuous session in the order of sending. Sellers spread what they still have to offer over the
    /// sessions that are left; buyers are drawn until they ask for half as much again.
    /// </summary>
    public ImmutableArray<OperatorOrders> Session(
        int year, int session, Holdings holdings, ImmutableArray<Movement> offers, Holdings atOpening)
    {
        var sells = new List<OperatorOrders>();
        foreach (var offer in offers)
        {
            var sold = atOpening.Of(offer.OperatorId).Trading - holdings.Of(offer.OperatorId).Trading;
            var offered = (offer.Amount - sold) / (Sessions - session + 1);
            if (offered > 0)
                sells.Add(Sell(year, session, offer.OperatorId, offered));
        }
        var asked = sells.Sum(each => each.Orders.Sum(order => order.Quantity)) * SessionDemandPercent / 100;
        var buys = Buys(year, session, holdings, asked);
        return [.. SeededRandom.For(_seed, $"arrival-{session}", year).Shuffled(sells.Concat(buys))];
    }

    /// <summary>An auction of exactly what is still lacking, in which everybody bids for exactly what it lacks.</summary>
    public AuctionPlan? FinalAuction(int year, Holdings holdings)
    {
        var prices = new Prices(_seed, year);
        var bids = from row in _extract.Operators
                   let shortage = Shortage(row.Id, year, holdings)
                   where shortage > 0
                   let random = SeededRandom.For(_seed, "last-bid", year, row.Id)
                   let bid = new Bid(_ids.For("last-bid", year, row.Id), shortage, prices.LastBid(random))
                   select new OperatorBids(row.Id, [bid]);
        var sent = SeededRandom.For(_seed, "last-bids", year).Shuffled(bids);
        return sent.Count == 0
            ? null
            : new AuctionPlan(_ids.For("final-auction", year), sent.Sum(each => each.Quantity), prices.Reserve, [.. sent]);
    }

    /// <summary>What must come back from the trading accounts for the year's surrender.</summary>
    public ImmutableArray<Movement> Withdrawals(int year, Holdings holdings) =>
    [
        .. from row in _extract.Operators
           let lacking = Due(row.Id, year) - holdings.Of(row.Id).Registry
           where lacking > 0
           select new Movement(_ids.For("withdrawal", year, row.Id), row.Id, lacking),
    ];

    public ImmutableArray<Movement> Surrenders(int year) =>
    [
        .. from row in _extract.Operators
           let due = Due(row.Id, year)
           where due > 0
           select new Movement(_ids.For("surrender", year, row.Id), row.Id, due),
    ];

    private ImmutableArray<OperatorBids> FirstBids(int year, Holdings holdings)
    {
        var prices = new Prices(_seed, year);
        var bids = new List<OperatorBids>();
        foreach (var row in _extract.Operators)
        {
            var random = SeededRandom.For(_seed, "first-bid", year, row.Id);
            // A third of the short operators wait for the order book or the last auction.
            var wanted = random.Below(3) == 0 ? 0 : Shortage(row.Id, year, holdings) * random.Between(60, 100) / 100;
            if (wanted > 0)
                bids.Add(new OperatorBids(row.Id, [.. Slices(wanted, random).Select((quantity, number) =>
                    new Bid(_ids.For("first-bid", year, row.Id, number), quantity, prices.Bid(random)))]));
        }
        return [.. SeededRandom.For(_seed, "first-bids", year).Shuffled(bids)];
    }

    /// <summary>Nobody may bid for more than is on sale.</summary>
    private static ImmutableArray<OperatorBids> NoneAbove(long quantity, ImmutableArray<OperatorBids> bids) =>
    [
        .. bids.Select(each => each with
        {
            Bids = [.. each.Bids.Select(bid => bid with { Quantity = Math.Min(bid.Quantity, quantity) })],
        }),
    ];

    private OperatorOrders Sell(int year, int session, string operatorId, long quantity)
    {
        var random = SeededRandom.For(_seed, $"sell-{session}", year, operatorId);
        var prices = new Prices(_seed, year);
        return new OperatorOrders(operatorId, [.. Slices(quantity, random).Select((slice, number) => new Order(
            _ids.For($"sell-{session}", year, operatorId, number), Side.Sell, slice, prices.Sell(random)))]);
    }

    private List<OperatorOrders> Buys(int year, int session, Holdings holdings, long asked)
    {
        var buys = new List<OperatorOrders>();
        var prices = new Prices(_seed, year);
        var most = Math.Max(asked / LeastBuyers, 1);
        foreach (var row in SeededRandom.For(_seed, $"buyers-{session}", year).Shuffled(_extract.Operators))
        {
            var shortage = Shortage(row.Id, year, holdings);
            if (shortage == 0 || asked <= 0)
                continue;
            var random = SeededRandom.For(_seed, $"buy-{session}", year, row.Id);
            var wanted = Math.Min(shortage, most);
            asked -= wanted;
            buys.Add(new OperatorOrders(row.Id, [.. Slices(wanted, random).Select((slice, number) => new Order(
                _ids.For($"buy-{session}", year, row.Id, number), Side.Buy, slice, prices.Buy(random)))]));
        }
        return buys;
    }

    /// <summary>One to three parts that add up to the whole; small amounts stay in one piece.</summary>
    private static IEnumerable<long> Slices(long whole, SeededRandom random)
    {
        var parts = whole < 100 ? 1 : random.Between(1, 3);
        for (; parts > 1; parts--)
        {
            var part = whole / parts;
            whole -= part;
            yield return part;
        }
        yield return whole;
    }
}
