namespace CarbonMarket.Bench.Clearing;

/// <summary>One trade to be delivered: units against cash, four postings.</summary>
internal sealed record Delivery(Guid TradeId, Guid Buyer, Guid Seller, long Units, long PriceMinor)
{
    public const int Postings = 4;

    /// <summary>Account, asset and amount of each posting.</summary>
    public IEnumerable<(Guid Account, string Asset, long Amount)> Legs =>
    [
        (Seller, RunningLedger.Instrument, -Units), (Buyer, RunningLedger.Instrument, Units),
        (Buyer, "cash", -Units * PriceMinor), (Seller, "cash", Units * PriceMinor),
    ];

    /// <summary>Trades among the first so many of the accounts, anyone with anyone else.</summary>
    public static List<Delivery> Among(IReadOnlyList<Guid> accounts, int first, int count, Random random) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var buyer = random.Next(first);
            var seller = (buyer + 1 + random.Next(first - 1)) % first;
            return new Delivery(Guid.CreateVersion7(), accounts[buyer], accounts[seller], 1 + random.Next(100), 5_000 + random.Next(1_000));
        }),
    ];
}
