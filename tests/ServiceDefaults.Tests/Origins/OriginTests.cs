using CarbonMarket.ServiceDefaults.Origins;
using CarbonMarket.ServiceDefaults.Tests.Outbox;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Tests.Origins;

public sealed class OriginTests
{
    private static readonly Guid Stream = Guid.CreateVersion7();
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_two_events_of_a_stream_say_under_one_version_is_refused_and_what_one_says_twice_is_not()
    {
        await using var service = await ParcelService.Start(await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        await Takes(service, new Origin(Stream, First, 3, 3));
        await Takes(service, new Origin(Stream, First, 3, 3));

        await Refuses(service, new Origin(Stream, Second, 3, 3));
        await Refuses(service, new Origin(Stream, Second, 3, 3));

        await Takes(service, new Origin(Guid.CreateVersion7(), Second, 3, 3));
        await Takes(service, new Origin(Stream, Guid.CreateVersion7(), 2, 2));
    }

    [Fact]
    public async Task A_writer_may_come_late_but_not_with_what_another_has_written_since()
    {
        await using var service = await ParcelService.Start(await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        await Takes(service, new Origin(Stream, First, 1, 40));
        await Takes(service, new Origin(Stream, Second, 61, 80));

        await Takes(service, new Origin(Stream, First, 1, 60));
        await Refuses(service, new Origin(Stream, First, 1, 61));
        await Takes(service, new Origin(Stream, First, 1, 10));
        await Takes(service, new Origin(Stream, Second, 61, 200));
    }

    [Fact]
    public async Task A_store_that_fails_while_it_is_asked_of_an_origin_leaves_the_message_to_be_tried_again()
    {
        var database = await RealServers.CreateDatabase("parcels");
        await using var service = await ParcelService.Start(database, await RealServers.CreateVirtualHost());
        await using var source = NpgsqlDataSource.Create(database);
        await using (var connection = await source.OpenConnectionAsync(Stopping))
        await using (var transaction = await connection.BeginTransactionAsync(Stopping))
        {
            await using var hold = new NpgsqlCommand("lock table origins.taken", connection, transaction);
            await hold.ExecuteNonQueryAsync(Stopping);
            await service.Send(1);
            await Eventually.Holds("the message's question is ended", async () =>
            {
                await using var end = source.CreateCommand(
                    "select count(pg_terminate_backend(pid)) from pg_locks where relation = 'origins.taken'::regclass and not granted");
                return (long)(await end.ExecuteScalarAsync(Stopping))! > 0;
            }, ct: Stopping);
        }

        await service.AllArrive(1);

        (await service.Errors.List(Stopping)).Sum(queue => queue.Messages).ShouldBe(0);
    }

    private static Task Takes(ParcelService service, Origin origin) => service.Origins.Take(origin, Stopping);

    private static async Task Refuses(ParcelService service, Origin origin) =>
        await Should.ThrowAsync<ForgottenHistoryException>(Takes(service, origin));
}
