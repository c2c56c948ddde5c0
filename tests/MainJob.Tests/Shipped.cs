using CarbonMarket.MainJob.Registry;

namespace CarbonMarket.MainJob;

/// <summary>The two files of the UK registry that the project ships.</summary>
public static class Shipped
{
    public static string OperatorsFile { get; } = Path.Combine(AppContext.BaseDirectory, "data", "operators_2021_2024.csv");

    public static string AllocationFile { get; } = Path.Combine(AppContext.BaseDirectory, "data", "allocation_2021_2026.csv");

    public static RegistryExtract Extract { get; } = RegistryFiles.Read(OperatorsFile, AllocationFile).Extract
        ?? throw new InvalidOperationException("The shipped files have faults.");
}
