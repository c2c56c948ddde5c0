using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;

namespace CarbonMarket.Bench.Edges;

/// <summary>One way in, in one round.</summary>
/// <param name="PerSecond">Orders; of the bare proxy, requests.</param>
/// <param name="EventsPerSecond">Durable, by the journal's version; 0 of the bare proxy.</param>
/// <param name="Ratio">To the limit measured in the same round.</param>
internal sealed record Way(double PerSecond, double EventsPerSecond, double Ratio, double P50Ms, double P99Ms);

/// <param name="GrpcStream">Streams of order entry, 100 orders a request; its limit is the market called in the process.</param>
/// <param name="RestBatch">100 orders a request; the same limit.</param>
/// <param name="RestSingle">One order a request on 64 connections; its limit is the bare proxy.</param>
/// <param name="BareYarpPost">A request of the same bytes on 64 connections through a proxy that does nothing else, to nothing.</param>
internal sealed record EdgesRound(Way GrpcStream, Way RestBatch, Way RestSingle, Way BareYarpPost)
{
    public override string ToString() => string.Create(null, $"gRPC {GrpcStream.EventsPerSecond:f0} events/s = {GrpcStream.Ratio:f2}, REST batch "
        + $"{RestBatch.EventsPerSecond:f0} = {RestBatch.Ratio:f2} x in process; REST single {RestSingle.PerSecond:f0} orders/s = {RestSingle.Ratio:f2} x bare YARP");
}

/// <summary>The ways through the gateway, and a bare gateway beside it. The services stand still but while they are measured.</summary>
internal sealed class EdgeRounds : IAsyncDisposable
{
    private const int Sessions = 16;
    private const int Batchers = 16;
    private const int Connections = 64;
    private const int OrdersPerRequest = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly EdgeSystem system;
    private readonly Programs bare;
    private readonly Uri bareGateway;

    private EdgeRounds(EdgeSystem system, Programs bare, Uri bareGateway) => (this.system, this.bare, this.bareGateway) = (system, bare, bareGateway);

    public static async Task<EdgeRounds> Start(RunningServers servers, CancellationToken cancellationToken)
    {
        var services = await EdgeSystem.Start(servers, cancellationToken);
        var limit = new Programs();
        try
        {
            var ports = FreePorts.Pick(2);
            await limit.Start("Bench", new Dictionary<string, string?>(StringComparer.Ordinal), BareServers.Word, $"{ports[0]}");
            await limit.Start("Bench", new Dictionary<string, string?>(StringComparer.Ordinal), BareServers.Word, $"{ports[1]}", $"{ports[0]}");
            var gateway = new Uri(BareServers.Address(ports[1]));
            using var http = new HttpClient();
            await Eventually.Holds("the bare proxy answers", async () =>
                (await http.PostAsync(new Uri(gateway, BareServers.Path), null, cancellationToken)).IsSuccessStatusCode, Patience, cancellationToken);
            services.Pause();
            return new EdgeRounds(services, limit, gateway);
        }
        catch
        {
            await limit.DisposeAsync();
            await services.DisposeAsync();
            throw;
        }
    }

    /// <param name="inProcess">Events a second of this round's callers in the process.</param>
    public async Task<EdgesRound> Measure(int round, double inProcess, TimeSpan duration, CancellationToken cancellationToken)
    {
        try
        {
            await system.Resume(cancellationToken);
            var measured = await Call(round, inProcess, duration, cancellationToken);
            system.Pause();
            return measured;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"Round {round} failed. The end of the services' log:\n{system.EndOfLog()}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await bare.DisposeAsync();
        await system.DisposeAsync();
    }

    private async Task<EdgesRound> Call(int round, double inProcess, TimeSpan duration, CancellationToken cancellationToken)
    {
        var seed = round * 10_000;
        await using var grpc = await GrpcOrders.Open(system, Sessions, seed, cancellationToken);
        using var rest = await RestOrders.Of(system, bareGateway, seed + 1000, cancellationToken);
        var streams = await Durable(Sessions, duration, caller => grpc.Batch(caller, OrdersPerRequest, cancellationToken), cancellationToken);
        var batches = await Durable(Batchers, duration, caller => rest.Batch(caller, OrdersPerRequest, cancellationToken), cancellationToken);
        // In turns: the bare proxy before and after.
        var before = await EdgeCallers.Call(Connections, duration / 2, caller => rest.Bare(caller, cancellationToken));
        var singles = await Durable(Connections, duration, caller => rest.One(caller, cancellationToken), cancellationToken);
        var nothing = before.With(await EdgeCallers.Call(Connections, duration / 2, caller => rest.Bare(caller, cancellationToken)));
        return new EdgesRound(
            Of(streams, OrdersPerRequest, streams.EventsPerSecond / inProcess), Of(batches, OrdersPerRequest, batches.EventsPerSecond / inProcess),
            Of(singles, 1, singles.Seen.PerSecond / nothing.PerSecond), Of((nothing, 0), 1, 1));
    }

    /// <summary>What is under way when it begins fills the pipes and the book; then it counts, and then the market comes to rest.</summary>
    private async Task<(EdgeFigures Seen, double EventsPerSecond)> Durable(
        int callers, TimeSpan duration, Func<int, Task> ask, CancellationToken cancellationToken)
    {
        await EdgeCallers.Call(callers, duration / 6, ask);
        var version = await system.Version(cancellationToken);
        var seen = await EdgeCallers.Call(callers, duration, ask);
        var events = await system.Version(cancellationToken) - version;
        await system.Quiet(cancellationToken);
        return (seen, events / seen.Seconds);
    }

    private static Way Of((EdgeFigures Seen, double EventsPerSecond) measured, int ordersPerRequest, double ratio) => new(
        measured.Seen.PerSecond * ordersPerRequest, measured.EventsPerSecond, ratio, measured.Seen.SortedMs.Quantile(0.5), measured.Seen.SortedMs.Quantile(0.99));
}

/// <summary>Medians over the rounds, beside them the ratios' extremes.</summary>
/// <param name="P50Ms">Of a request.</param>
internal sealed record WayFigures(
    double PerSecond, double EventsPerSecond, double Ratio, double MinRatio, double MaxRatio, double P50Ms, double P99Ms)
{
    public static WayFigures Of(IReadOnlyList<EdgesRound> rounds, Func<EdgesRound, Way> way) => new(
        Median(rounds, way, w => w.PerSecond), Median(rounds, way, w => w.EventsPerSecond), Median(rounds, way, w => w.Ratio),
        rounds.Min(round => way(round).Ratio).Rounded(), rounds.Max(round => way(round).Ratio).Rounded(),
        Median(rounds, way, w => w.P50Ms), Median(rounds, way, w => w.P99Ms));

    private static double Median(IReadOnlyList<EdgesRound> rounds, Func<EdgesRound, Way> way, Func<Way, double> figure) =>
        rounds.Select(round => figure(way(round))).Median().Rounded();
}
