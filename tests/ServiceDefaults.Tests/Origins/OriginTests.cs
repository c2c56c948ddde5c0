using CarbonMarket.ServiceDefaults.Origins;
using CarbonMarket.ServiceDefaults.Tests.Outbox;
using CarbonMarket.Testing.Servers;

namespace CarbonMarket.ServiceDefaults.Tests.Origins;

public sealed class OriginTests
{
    private static readonly Guid Stream = Guid.CreateVersion7();
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

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

    private static Task Takes(ParcelService service, Origin origin) => service.Origins.Take(origin, TestContext.Current.CancellationToken);

    private static async Task Refuses(ParcelService service, Origin origin) =>
        await Should.ThrowAsync<ForgottenHistoryException>(Takes(service, origin));
}
