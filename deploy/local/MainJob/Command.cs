using System.CommandLine;
using System.Globalization;

namespace CarbonMarket.MainJob;

/// <summary>The command line. The gateway's address and the first client's credentials come from the environment.</summary>
public static class Command
{
    private static readonly Option<FileInfo> Operators = new("--operators")
    {
        Description = "CSV of the operators: years, verified emissions, surrenders, published status",
        Required = true,
    };

    private static readonly Option<FileInfo> Allocation = new("--allocation")
    {
        Description = "CSV of their free allocation by year",
        Required = true,
    };

    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "Seed of the invented orders and bids; the same seed and files play the same market",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<FileInfo> Out = new("--out")
    {
        Description = "Where the result is written as JSON",
        Required = true,
    };

    private static readonly Option<bool> Check = new("--check")
    {
        Description = "Only read the files and say what is wrong with them",
    };

    public static RootCommand Root()
    {
        var root = new RootCommand(
            "Plays an emissions market through its compliance years, from two files of a real registry, through the gateway.");
        foreach (var option in new Option[] { Operators, Allocation, Seed, Out, Check })
            root.Options.Add(option);
        root.SetAction((parsed, stopping) => Job.Run(new JobArguments(
            parsed.GetRequiredValue(Operators).FullName, parsed.GetRequiredValue(Allocation).FullName,
            parsed.GetValue(Seed), parsed.GetRequiredValue(Out).FullName, parsed.GetValue(Check)), stopping));
        return root;
    }
}

public sealed record JobArguments(string OperatorsFile, string AllocationFile, long Seed, string ResultFile, bool CheckOnly = false)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed {Seed}");
}
