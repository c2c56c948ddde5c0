namespace CarbonMarket.Bench.Settlement;

/// <summary>The registry ledger, stage by stage.</summary>
internal sealed class SettlementBenchmark : IBenchmark
{
    public string Name => "settlement";

    public string Summary => "--stage queries: questions about the past beside raw SQL [--postings 10000000] [--rounds 5]";

    public Task<object> Run(string[] arguments, CancellationToken cancellationToken) => Array.IndexOf(arguments, "--stage") is var at and >= 0
        && arguments.ElementAtOrDefault(at + 1) == "queries"
        ? new QueriesStage(arguments.Number("--postings", 10_000_000), Math.Max(5, arguments.Number("--rounds", 5))).Run(cancellationToken)
        : throw new ArgumentException("--stage is queries.", nameof(arguments));
}
