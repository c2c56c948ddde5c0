using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Tests.Outbox;
using CarbonMarket.Testing.Servers;
using Marten;
using Marten.Services;
using Npgsql;

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
        var hungUp = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            // Now after the first statement, which has read, now somewhere within those that follow it.
            using var hangUp = new CancellationTokenSource();
            try
            {
                await service.InSession(session =>
                {
                    session.Logger = new HangsUp(hangUp, TimeSpan.FromMilliseconds(round - 1));
                    return Forward(session, parcels, round, hangUp.Token);
                });
            }
            catch (OperationCanceledException)
            {
                hungUp++;
            }
            await Forward(service, parcels, round);
        }
        hungUp.ShouldBeGreaterThan(0);
        foreach (var parcel in parcels)
            (await service.Numbers(parcel)).ShouldBe(Enumerable.Range(1, Rounds));
        (await service.Head.Read(TestContext.Current.CancellationToken)).Events.ShouldBe(Streams * Rounds);
    }

    private static Task Forward(ParcelService service, List<Guid> parcels, int round) =>
        service.InSession(session => Forward(session, parcels, round, TestContext.Current.CancellationToken));

    private static Task<IReadOnlyList<Decision<ParcelSent>>> Forward(IDocumentSession session, List<Guid> parcels, int round, CancellationToken ct) =>
        session.DecideEach<Guid, Parcel, ParcelSent>(parcels, parcel => parcel, (state, _) => Next(state, round),
            (state, sent) => new Parcel { Id = state?.Id ?? Guid.Empty, Last = sent.Number }, ct);

    private static Decision<ParcelSent> Next(Parcel? parcel, int number) => (parcel?.Last ?? 0) >= number
        ? Decision<ParcelSent>.Accept()
        : Decision<ParcelSent>.Accept(new ParcelSent(number));

    /// <summary>Cancels so long after the session has run its first statement; at once where no time is given.</summary>
    private sealed class HangsUp(CancellationTokenSource caller, TimeSpan after) : IMartenSessionLogger
    {
        private bool _hangsUp;

        public void LogSuccess(NpgsqlCommand command) => HangUp();

        public void LogSuccess(NpgsqlBatch batch) => HangUp();

        public void LogFailure(NpgsqlCommand command, Exception ex)
        {
        }

        public void LogFailure(NpgsqlBatch batch, Exception ex)
        {
        }

        public void LogFailure(Exception ex, string message)
        {
        }

        public void RecordSavedChanges(IDocumentSession session, IChangeSet commit)
        {
        }

        public void OnBeforeExecute(NpgsqlCommand command)
        {
        }

        public void OnBeforeExecute(NpgsqlBatch batch)
        {
        }

        private void HangUp()
        {
            if (_hangsUp)
                return;
            _hangsUp = true;
            if (after == TimeSpan.Zero)
                caller.Cancel();
            else
                caller.CancelAfter(after);
        }
    }
}
