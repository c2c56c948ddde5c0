using System.Net;
using System.Text.Json;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.Testing.Service;
using MassTransit;

namespace CarbonMarket.Allocation.Http;

/// <summary>What officials of Gansu do over a year, and a listener on the bus that is the other services to them.</summary>
public abstract class OfficialsYear(AllocationService service) : IClassFixture<AllocationService>
{
    private protected const string Gansu = "/allocation/markets/gansu";
    private protected const string Power = "coal-conventional-over-300mw";

    private protected AllocationService Service { get; } = service;

    private protected async Task Enter(Guid participant, Guid installation, string category)
    {
        await Cover(participant);
        (await Service.Regulator.Post($"{Gansu}/installations/batch", new { items = new[] { new { installationId = installation, participantId = participant, name = "Unit 1", firstYear = 2015 } } }).Outcomes()).ShouldBe(["accepted"]);
        (await Service.Regulator.Post($"{Gansu}/installations/classifications/batch", new { items = new[] { new { installationId = installation, fromYear = 2021, categories = new[] { category } } } }).Outcomes())
            .ShouldBe(["accepted"]);
    }

    private protected async Task Cover(params Guid[] participants) =>
        (await Service.Regulator.Post($"{Gansu}/covered-entities/batch", new { items = participants.Select(participantId => new { participantId, firstYear = 2021 }) }).Outcomes())
            .ShouldAllBe(outcome => outcome == "accepted");

    private protected async Task File(Guid installation, int year, object figures) =>
        (await Service.Regulator.Post($"{Gansu}/installations/activity/batch", new { items = new[] { new { installationId = installation, year, figures, evidence = new string('a', 64) } } }).Outcomes())
            .ShouldBe(["accepted"]);

    private protected static object Figure(decimal value, string unit) => new { value, unit };

    private protected static object Asked(int year, string stage, Guid participant) => new { year, stage, instrument = $"CEA-{year}", participants = new[] { participant } };

    /// <summary>ok, or the code of what stands against it; by a what-if, so that nothing is stored.</summary>
    private protected async Task<string> Outcome(int year, string stage, Guid participant)
    {
        var tried = await Service.Regulator.Post($"{Gansu}/what-ifs", new { plan = Asked(year, stage, participant) }).Json();
        return tried.GetProperty("obstacles").EnumerateArray().Select(obstacle => obstacle.GetProperty("code").GetString()!).FirstOrDefault("ok");
    }

    private protected async Task<Guid> Drafted(int year, string stage, Guid participant)
    {
        var plan = Guid.CreateVersion7();
        (await Service.Regulator.Put($"{Gansu}/plans/{plan}/computation", Asked(year, stage, participant)).Json()).GetProperty("stage").GetString().ShouldBe(stage);
        (await Service.Regulator.Put($"{Gansu}/plans/{plan}/computation", Asked(year, stage, participant)).Json()).GetProperty("status").GetString().ShouldBe("drafted");
        return plan;
    }

    private protected async Task<Guid> Planned(int year, string stage, Guid participant)
    {
        var plan = await Drafted(year, stage, participant);
        (await Service.Regulator.Post($"{Gansu}/plans/{plan}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("four-eyes");
        (await Service.OtherRegulator.Post($"{Gansu}/plans/{plan}/approval").Json()).GetProperty("status").GetString().ShouldBe("approved");
        return plan;
    }

    private protected async Task<List<JsonElement>> Redeterminations(int year, Guid participant) =>
        [.. (await Service.Regulator.Get($"{Gansu}/redeterminations?year={year}&instrument=CEA-{year}").Json()).GetProperty("items").EnumerateArray()
            .Where(due => due.GetProperty("participantId").GetGuid() == participant)];

    private protected async Task<Listening> Listen(Overheard heard)
    {
        _ = Service.Server;
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(Service.RabbitMq));
            rabbit.ReceiveEndpoint($"listener-{Guid.CreateVersion7()}", queue =>
            {
                queue.Handler<AllocationApproved>(context => heard.Hear(context.Message));
                queue.Handler<AllocationLowered>(context => heard.Hear(context.Message));
            });
        });
        await bus.StartAsync(TestContext.Current.CancellationToken);
        return new Listening(bus);
    }

    private protected sealed class Listening(IBusControl bus) : IAsyncDisposable
    {
        public Task Accept(Guid participant, int year, long version, long tonnes) => bus.Publish(new EmissionsAccepted
        {
            Market = "gansu",
            ParticipantId = participant,
            ReportId = participant,
            ReportVersion = version,
            Year = year,
            VerifiedTonnes = tonnes,
            AcceptedAt = new DateTimeOffset(2026, 10, 9, 8, 0, 0, TimeSpan.Zero),
        });

        public Task Book(Guid plan, params (Guid Participant, long Issued, long Deducted, long Version)[] bookings) => bus.Publish(new AllocationsBooked
        {
            Market = "gansu",
            Bookings =
            [
                .. bookings.Select(booking => new AllocationsBooked.Booking
                {
                    PlanId = plan, ParticipantId = booking.Participant, Issued = booking.Issued, Deducted = booking.Deducted, Version = booking.Version,
                    At = new DateTimeOffset(2026, 10, 9, 8, 0, 0, TimeSpan.Zero),
                }),
            ],
        });

        public async ValueTask DisposeAsync() => await bus.StopAsync(CancellationToken.None);
    }
}
