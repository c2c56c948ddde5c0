using CarbonMarket.Bench.Market;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using Microsoft.Extensions.Logging.Abstractions;

namespace CarbonMarket.Bench.Compliance;

/// <summary>
/// A compliance year on the registry's side: units are issued to all operators, each is obliged and surrenders, the deadline passes, and each
/// status and statement is read. All of it durable, each round on a ledger of its own, sizes in turns.
/// </summary>
internal sealed class ComplianceBenchmark : IBenchmark
{
    private static readonly int[] Sizes = [1_000, 10_000, 50_000];

    public string Name => "compliance";

    public string Summary => "a compliance year, from allocation to statements: seconds and events a second [--operators N] [--rounds 5]; --stage allocation: computed and traced [--entities 10000]; --stage reports: imported, checked and computed [--reports 10000]";

    public IReadOnlyList<string> Options => ["--operators", "--rounds", "--stage", "--entities", "--reports"];

    public async Task<object> Run(string[] arguments, CancellationToken cancellationToken)
    {
        var rounds = Math.Max(5, arguments.Number("--rounds", 5));
        if (arguments.Word("--stage") is { } stage)
        {
            return stage switch
            {
                "allocation" => new AllocationStage(arguments.Number("--entities", 10_000), rounds).Run(cancellationToken),
                "reports" => await new ReportsStage(arguments.Number("--reports", 10_000), rounds).Run(cancellationToken),
                _ => throw new ArgumentException($"--stage takes allocation or reports, not {stage}.", nameof(arguments)),
            };
        }
        var sizes = arguments.Contains("--operators", StringComparer.Ordinal) ? [arguments.Number("--operators", 0)] : Sizes;
        await using var database = await BenchDatabase.Create(cancellationToken, OperatorsLedger.Schema, History.Configure);
        await new PostingsSchema(database.Source, NullLogger<PostingsSchema>.Instance).StartingAsync(cancellationToken);
        Figures.Say("Warming up ...");
        await OperatorsLedger.Measure(database, sizes[0], 0, cancellationToken);
        var measured = sizes.ToDictionary(size => size, _ => new List<ComplianceRound>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var size in sizes)
            {
                measured[size].Add(await OperatorsLedger.Measure(database, size, round, cancellationToken));
                Figures.Say($"Round {round} of {rounds}, {size} operators: {measured[size][^1]}");
            }
        }
        return new
        {
            Compliance = new
            {
                Rounds = rounds,
                Sizes = measured.Select(size => Figure(size.Key, size.Value)).ToList(),
                CostOf50000To10000 = measured.TryGetValue(50_000, out var large) && measured.TryGetValue(10_000, out var small)
                    ? large.Zip(small, (one, other) => one.Seconds / other.Seconds).Median().Rounded()
                    : (double?)null,
            },
        };
    }

    private static object Figure(int operators, List<ComplianceRound> rounds) => new
    {
        Operators = operators,
        Seconds = rounds.Select(round => round.Seconds).Median().Rounded(),
        EventsPerSecond = rounds.Select(round => round.Events / round.Seconds).Median().Rounded(),
        Events = rounds[0].Events,
        IssueSeconds = rounds.Select(round => round.IssueSeconds).Median().Rounded(),
        ObligeSeconds = rounds.Select(round => round.ObligeSeconds).Median().Rounded(),
        SurrenderSeconds = rounds.Select(round => round.SurrenderSeconds).Median().Rounded(),
        StatusSeconds = rounds.Select(round => round.StatusSeconds).Median().Rounded(),
        StatementSeconds = rounds.Select(round => round.StatementSeconds).Median().Rounded(),
    };
}
