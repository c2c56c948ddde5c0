namespace CarbonMarket.Bench;

/// <summary><c>./bench workload --file w1m --out FILE.csv</c>: writes one of the usual workload files.</summary>
internal sealed class WorkloadFile : IBenchmark
{
    public string Name => "workload";

    public string Summary => "--file w100k|w1m|wdeep|w10m --out FILE.csv: writes a workload file for `matching`";

    public IReadOnlyList<string> Options => ["--file", "--out"];

    public async Task<object> Run(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments.Word("--file") is not { } name || !WorkloadGenerator.Files.TryGetValue(name, out var generator) || arguments.Word("--out") is not { } path)
            throw new ArgumentException($"--file is one of {string.Join(", ", WorkloadGenerator.Files.Keys)}, and --out says where to write it.", nameof(arguments));
        var operations = generator().Make();
        await File.WriteAllBytesAsync(path, WorkloadGenerator.Text(operations), cancellationToken);
        return new { file = Path.GetFullPath(path), operations = operations.Length };
    }
}
