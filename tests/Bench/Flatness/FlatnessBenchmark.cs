namespace CarbonMarket.Bench.Flatness;

/// <summary>
/// What an order costs in a market that is empty, full, narrow or wide: rules, matching and what follows from them, without
/// the journal. Sizes take turns; each is compared with the smallest of its own round.
/// </summary>
internal sealed class FlatnessBenchmark : IBenchmark
{
    private const int Steps = 10_000;
    private const int OrdersOfWide = 100_000;

    private static readonly int[] Standing = [1_000, 10_000, 100_000, 1_000_000];
    private static readonly int[] Instruments = [1, 10, 100, 1_000];

    public string Name => "flatness";

    public string Summary => "cost of an order from 10^3 to 10^6 standing and from 1 to 1,000 instruments [--rounds 5]";

    public IReadOnlyList<string> Options => ["--rounds"];

    public Task<object> Run(string[] arguments, CancellationToken cancellationToken)
    {
        var rounds = Math.Max(5, arguments.Number("--rounds", 5));
        var byOrders = Measure(Standing, orders => new StandingMarket(1, orders), "orders standing", rounds, cancellationToken);
        var byInstruments = Measure(Instruments, instruments => new StandingMarket(instruments, OrdersOfWide), "instruments", rounds, cancellationToken);
        return Task.FromResult<object>(new
        {
            ByStandingOrders = byOrders.Select(size => new { StandingOrders = size.Size, size.NsPerCommand, size.TimesSmallest }),
            ByInstruments = byInstruments.Select(size => new { Instruments = size.Size, size.NsPerCommand, size.TimesSmallest }),
        });
    }

    private static List<(int Size, double NsPerCommand, double TimesSmallest)> Measure(
        int[] sizes, Func<int, StandingMarket> market, string what, int rounds, CancellationToken cancellationToken)
    {
        var seen = new List<double[]>();
        // The first round warms up.
        for (var round = 0; round <= rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            seen.Add(Array.ConvertAll(sizes, size => market(size).Measure(Steps)));
            Figures.Say($"Round {round} of {rounds}: {string.Join(", ", sizes.Zip(seen[^1], (size, ns) => $"{ns:f0} ns at {size}"))} {what}");
        }
        seen.RemoveAt(0);
        return [.. sizes.Select((size, at) => (
            size, seen.Select(round => round[at]).Median().Rounded(), seen.Select(round => round[at] / round[0]).Median().Rounded()))];
    }
}
