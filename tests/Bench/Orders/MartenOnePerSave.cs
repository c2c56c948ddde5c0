using System.Diagnostics;
using CarbonMarket.Bench.Market;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Orders;
using JasperFx.Events;
using Marten;

namespace CarbonMarket.Bench.Orders;

/// <summary>Marten as one uses it by default: eight workers, each saving one event at a time on a stream of its own.</summary>
internal static class MartenOnePerSave
{
    private const int Workers = 8;

    /// <returns>Events a second.</returns>
    public static async Task<double> Save(IDocumentStore store, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var saved = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => Work(store, started, duration, cancellationToken))));
        return saved.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public static void Configure(StoreOptions options) => options.Events.AppendMode = EventAppendMode.Quick;

    private static async Task<long> Work(IDocumentStore store, long started, TimeSpan duration, CancellationToken cancellationToken)
    {
        var saved = 0;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            await using var session = store.LightweightSession();
            (session.CorrelationId, session.CausationId) = (OrderFlow.Settlement.CorrelationId, OrderFlow.Settlement.CausationId);
            session.SetHeader("actor-subject", OrderFlow.Settlement.Actor.Subject);
            session.SetHeader("actor-client", OrderFlow.Settlement.Actor.ClientId);
            var order = Guid.CreateVersion7();
            session.Events.StartStream(order, new OrderAccepted(
                saved + 1, order, order, OrderFlow.Instrument, Side.Buy, Quantity.Of(50), Price.OfMinor(7_460), TimeInForce.Day, RunningMarket.Morning));
            await session.SaveChangesAsync(cancellationToken);
            saved++;
        }
        return saved;
    }
}
