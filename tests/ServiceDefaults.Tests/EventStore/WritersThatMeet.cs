using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Tests.Outbox;
using CarbonMarket.Testing.Servers;

namespace CarbonMarket.ServiceDefaults.Tests.EventStore;

/// <summary>A client repeats a request whose answer it lost while the first is still at work: both write to the same streams.</summary>
public sealed class WritersThatMeet
{
    private const int Streams = 40;
    private const int Writers = 8;
    private const int Rounds = 10;

    [Fact]
    public async Task A_batch_sent_twice_at_the_same_moment_is_decided_once()
    {
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        var parcels = Enumerable.Range(0, Streams).Select(number => DeterministicGuid.From($"parcel:{number}")).ToList();
        for (var round = 1; round <= Rounds; round++)
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Forward(service, parcels, round)));
        foreach (var parcel in parcels)
            (await service.Numbers(parcel)).ShouldBe(Enumerable.Range(1, Rounds));
        (await service.Head.Read(TestContext.Current.CancellationToken)).Events.ShouldBe(Streams * Rounds);
    }

    [Fact]
    public async Task One_stream_changed_by_many_at_the_same_moment_loses_and_doubles_nothing()
    {
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        var parcel = DeterministicGuid.From("parcel");
        for (var round = 1; round <= Rounds; round++)
        {
            var number = round;
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => service.InSession(session => session.AgainAfterClash(() =>
                session.Decide<Parcel, ParcelSent>(parcel, state => Next(state, number), TestContext.Current.CancellationToken)))));
        }
        (await service.Numbers(parcel)).ShouldBe(Enumerable.Range(1, Rounds));
    }

    [Fact]
    public async Task A_caller_that_hangs_up_in_the_middle_and_asks_again_is_served_once()
    {
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        var parcels = Enumerable.Range(0, Streams).Select(number => DeterministicGuid.From($"parcel:{number}")).ToList();
        for (var round = 1; round <= Rounds; round++)
        {
            using var hangUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(2 * round));
            await Forward(service, parcels, round, hangUp.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            await Forward(service, parcels, round);
        }
        foreach (var parcel in parcels)
            (await service.Numbers(parcel)).ShouldBe(Enumerable.Range(1, Rounds));
        (await service.Head.Read(TestContext.Current.CancellationToken)).Events.ShouldBe(Streams * Rounds);
    }

    private static Task Forward(ParcelService service, List<Guid> parcels, int round) =>
        Forward(service, parcels, round, TestContext.Current.CancellationToken);

    private static Task Forward(ParcelService service, List<Guid> parcels, int round, CancellationToken ct) => service.InSession(session =>
        session.DecideEach<Guid, Parcel, ParcelSent>(parcels, parcel => parcel, (state, _) => Next(state, round),
            (state, sent) => new Parcel { Id = state?.Id ?? Guid.Empty, Last = sent.Number }, ct));

    private static Decision<ParcelSent> Next(Parcel? parcel, int number) => (parcel?.Last ?? 0) >= number
        ? Decision<ParcelSent>.Accept()
        : Decision<ParcelSent>.Accept(new ParcelSent(number));
}
