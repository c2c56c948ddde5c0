using System.Collections.Concurrent;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Testing;
using MassTransit;

namespace CarbonMarket.Allocation.Http;

public sealed class PublishingTests(AllocationService service) : IClassFixture<AllocationService>
{
    private const string Uk = "/allocation/markets/uk-ets";
    private readonly ConcurrentQueue<object> _heard = [];

    [Fact]
    public async Task What_was_decided_reaches_the_other_services()
    {
        _ = service.Server;
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(service.RabbitMq));
            rabbit.ReceiveEndpoint("listener", queue =>
            {
                queue.Handler<EntityCovered>(Hear);
                queue.Handler<EntityExcluded>(Hear);
                queue.Handler<AllocationApproved>(Hear);
                queue.Handler<MarketClockSet>(Hear);
            });
        });
        await bus.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            var participants = Enumerable.Range(0, 501).Select(_ => Guid.CreateVersion7()).ToArray();
            await service.Operator.Put("/clock", new { legalTime = "2021-03-01T08:00:00Z", running = false }).Json();
            foreach (var chunk in participants.Chunk(500))
                await service.Regulator.Post($"{Uk}/covered-entities/batch", new { items = chunk.Select(participantId => new { participantId, firstYear = 2021 }) }).Json();
            await service.Regulator.Post($"{Uk}/exclusions/batch", new { items = new[] { new { participantId = participants[0], year = 2023, excluded = true } } }).Json();
            var plan = Guid.CreateVersion7();
            await service.Regulator.Put($"{Uk}/plans/{plan}", new { year = 2021, instrument = "UKA", lines = participants.Select(participantId => new { participantId, quantity = 3 }) }).Json();
            await service.OtherRegulator.Post($"{Uk}/plans/{plan}/approval").Json();

            await Eventually.Holds("all is heard", () => _heard.OfType<AllocationApproved>().Count() == 2 && _heard.OfType<EntityCovered>().Count() == 501);

            var clock = _heard.OfType<MarketClockSet>().Single();
            (clock.Version, clock.LegalTime, clock.Running).ShouldBe((1, new DateTimeOffset(2021, 3, 1, 8, 0, 0, TimeSpan.Zero), false));
            _heard.OfType<EntityCovered>().ShouldAllBe(covered => covered.Revision == 1 && covered.FirstYear == 2021 && covered.At == clock.LegalTime);
            var excluded = _heard.OfType<EntityExcluded>().Single();
            (excluded.ParticipantId, excluded.Year, excluded.Excluded, excluded.Revision).ShouldBe((participants[0], 2023, true, 2));
            var envelopes = _heard.OfType<AllocationApproved>().OrderBy(envelope => envelope.FromLine).ToList();
            envelopes.Select(envelope => (envelope.PlanId, envelope.FromLine, envelope.Lines.Count)).ShouldBe([(plan, 0, 500), (plan, 500, 1)]);
            envelopes.SelectMany(envelope => envelope.Lines).Select(line => line.ParticipantId).ShouldBe(participants);
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }
    }

    private Task Hear<T>(ConsumeContext<T> context)
        where T : class
    {
        _heard.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}
