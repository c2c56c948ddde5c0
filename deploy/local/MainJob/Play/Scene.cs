using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;
using CarbonMarket.MainJob.Registry;

namespace CarbonMarket.MainJob.Play;

/// <summary>What every act of the job needs: who plays, what is planned, where the units are, and how to ask the gateway.</summary>
public sealed record Scene(
    RegistryExtract Extract,
    MarketPlan Plan,
    Ids Ids,
    Cast Cast,
    Holdings Holdings,
    MarketClient Market,
    Waiting Waiting)
{
    public const string MarketName = "uk-ets";
    public const string Instrument = "UKA";

    /// <summary>Enough to keep two cores busy; more would only queue at the services.</summary>
    private const int Parallelism = 12;

    public static string Allocation(string path) => $"allocation/markets/{MarketName}/{path}";

    public static string Verification(string path) => $"verification/markets/{MarketName}/{path}";

    public static string Settlement(string path) => $"settlement/markets/{MarketName}/{path}";

    public static string Trading(string path) => $"trading/markets/{MarketName}/{path}";

    /// <summary>For what may happen in any order.</summary>
    public static Task InParallel<T>(
        IEnumerable<T> items, IChapter chapter, Func<T, CancellationToken, Task> act, CancellationToken stopping) =>
        Parallel.ForEachAsync(items,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stopping },
            async (item, token) =>
            {
                await act(item, token);
                chapter.Step();
            });

    /// <summary>Proposed by one official, approved by another.</summary>
    public async Task ByTwoOfficials(string path, object proposal, CancellationToken stopping)
    {
        await Market.Put(Cast.Regulator.Client, path, proposal, stopping);
        await Market.Post(Cast.SecondOfficial, $"{path}/approval", new Nothing(), stopping);
    }
}
