using CarbonMarket.Kernel;

namespace CarbonMarket.MainJob.Plan;

/// <summary>Every id follows from the seed and what it stands for: a retry, and a whole second run, send the same ones.</summary>
public sealed class Ids(long seed)
{
    public Guid For(string purpose) => DeterministicGuid.From($"main-job:{seed}:{purpose}");

    public Guid For(string purpose, string operatorId) => For($"{purpose}:{operatorId}");

    public Guid For(string purpose, int year) => For($"{purpose}:{year}");

    public Guid For(string purpose, int year, string operatorId, int number = 0) =>
        For($"{purpose}:{year}:{operatorId}:{number}");
}
