namespace CarbonMarket.Bench;

/// <summary>One word of <c>./bench</c>. A class that implements this is found by itself.</summary>
internal interface IBenchmark
{
    string Name { get; }

    string Summary { get; }

    /// <summary>What may follow its name, each with a value behind it; anything else is refused.</summary>
    IReadOnlyList<string> Options { get; }

    /// <returns>What is printed as JSON, names in camel case.</returns>
    Task<object> Run(string[] arguments, CancellationToken cancellationToken);
}
