using System.Runtime.InteropServices;
using System.Text.Json;
using CarbonMarket.Bench;
using CarbonMarket.Bench.Edges;

if (args is [BareServers.Word, .. var ports])
{
    await BareServers.Serve(ports);
    return 0;
}

IBenchmark[] benchmarks =
[
    .. typeof(IBenchmark).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBenchmark)))
        .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
        .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal),
];

if (args is not [var name, .. var rest] || Array.Find(benchmarks, benchmark => benchmark.Name == name) is not { } chosen)
{
    Console.Error.WriteLine("./bench WORD measures this checkout and prints one JSON object:");
    foreach (var benchmark in benchmarks)
        Console.Error.WriteLine($"  {benchmark.Name,-10} {benchmark.Summary}");
    return args is [] or ["--help"] ? 0 : 2;
}

var unknown = rest.Where((word, place) => place % 2 == 0 && !chosen.Options.Contains(word, StringComparer.Ordinal)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"./bench {name} takes {string.Join(", ", chosen.Options.Select(option => option + " VALUE"))}.");
    return unknown is ["--help"] ? 0 : 2;
}

// Standard output is for the result alone, whatever a library has to say.
var output = Console.Out;
Console.SetOut(Console.Error);
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    interrupted.Cancel();
});
try
{
    var result = await chosen.Run(rest, interrupted.Token);
    await output.WriteLineAsync(JsonSerializer.Serialize(result, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
    return 0;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130;
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
