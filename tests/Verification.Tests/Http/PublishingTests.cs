using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

public sealed class PublishingTests(VerificationService service)
{
    [Fact]
    public async Task Settlement_hears_every_accepted_version_once()
    {
        var mill = await service.Covered();
        var report = await Accepted(service, mill, 1000);
        await service.Accept(report);
        await service.File(mill, report, 950);
        await service.Confirm(report, 940);
        await service.Accept(report);
        await service.Accept(report);
        await HeardEverything(service);

        var heard = service.Others.AcceptedOf(report);
        heard.Select(message => message.Message).ShouldBe([Figure(mill, report, 1, 1000), Figure(mill, report, 2, 940)]);
        var accepted = (await service.History(report)).Where(recorded => recorded.EventTypeName == "report.accepted.v1");
        heard.Select(message => message.MessageId).ShouldBe(accepted.Select(recorded => (Guid?)recorded.Id), "a repeat is known by its id");
    }

    [Fact]
    public async Task Settlement_hears_nothing_of_what_is_not_accepted()
    {
        var (returned, verified) = (await service.Filed(await service.Covered()), await service.Filed(await service.Covered()));
        await service.Confirm(verified, 1000);
        (await service.Regulator().Post($"{Uk}/decisions/batch", new { reportId = returned, decision = "returned", reason = "No." }).Outcomes()).ShouldBe(["accepted"]);
        await HeardEverything(service);
        service.Others.AcceptedOf(returned).ShouldBeEmpty();
        service.Others.AcceptedOf(verified).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_accepted_while_the_broker_is_dead_is_heard_when_it_lives_again()
    {
        await using var servers = RealServers.Own();
        await using var own = new VerificationService(await RealServers.CreateDatabase("verification"), await servers.CreateVirtualHost());
        await own.InitializeAsync();
        var mill = await own.Covered();
        var report = await own.Filed(mill);

        await servers.KillRabbitMq();
        await own.Confirm(report, 1000);
        await own.Accept(report);
        own.Others.AcceptedOf(report).ShouldBeEmpty();
        await servers.RestartRabbitMq();

        await Eventually.Holds("Settlement hears of it", () => own.Others.AcceptedOf(report).Count > 0, TimeSpan.FromSeconds(60));
        own.Others.AcceptedOf(report).DistinctBy(heard => heard.MessageId).Single().Message.ShouldBe(Figure(mill, report, 1, 1000));
        await own.Ready();
    }

    /// <summary>What is accepted later is published later.</summary>
    private static async Task HeardEverything(VerificationService service)
    {
        var last = await Accepted(service, await service.Covered(), 1);
        await Eventually.Holds("the last acceptance is heard", () => service.Others.AcceptedOf(last).Count > 0);
    }

    private static async Task<Guid> Accepted(VerificationService service, Guid participant, long tonnes)
    {
        var report = await service.Filed(participant);
        await service.Confirm(report, tonnes);
        await service.Accept(report);
        return report;
    }

    private static EmissionsAccepted Figure(Guid participant, Guid report, long version, long tonnes) => new()
    {
        Market = "uk-ets", ParticipantId = participant, ReportId = report, ReportVersion = version, Year = 2021, VerifiedTonnes = tonnes,
        AcceptedAt = VerificationService.LegalTime,
    };
}
