using CarbonMarket.Allocation.Clock;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.ServiceDefaults.EventStore;
using JasperFx.Events;
using MassTransit;

namespace CarbonMarket.Allocation;

/// <summary>What Allocation promises the other services.</summary>
public sealed class Publishing(IBus bus, ILogger<Publishing> logger) : IntegrationPublisher(bus, logger)
{
    private const int LinesPerEnvelope = 500;

    protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) =>
        page.SelectMany(recorded => Messages(recorded).Select(message => new Promise(message, recorded)));

    private static IEnumerable<object> Messages(IEvent recorded) => recorded.Data switch
    {
        ClockSet e => [new MarketClockSet { Version = recorded.Version, LegalTime = e.At, SetAt = e.SetAt, Running = e.Running }],
        CoveredEntityEvent.CoverageBegan e => [Covered(e.Market, e.ParticipantId, e.FirstYear.Value, e.LastYear?.Value, recorded.Version, e.At)],
        CoveredEntityEvent.CoverageChanged e => [Covered(e.Market, e.ParticipantId, e.FirstYear.Value, e.LastYear?.Value, recorded.Version, e.At)],
        CoveredEntityEvent.YearExcluded e => [Excluded(e.Market, e.ParticipantId, e.Year.Value, excluded: true, recorded.Version, e.At)],
        CoveredEntityEvent.ExclusionReversed e => [Excluded(e.Market, e.ParticipantId, e.Year.Value, excluded: false, recorded.Version, e.At)],
        CoveredEntityEvent.CoverageEnded e => [Covered(e.Market, e.ParticipantId, e.FirstYear.Value, e.LastYear.Value, recorded.Version, e.At)],
        AllocationPlanEvent.PlanApproved e => [.. Approved(e), .. Lowered(e)],
        _ => [],
    };

    private static EntityCovered Covered(string market, Guid participant, int first, int? last, long revision, DateTimeOffset at) =>
        new() { Market = market, ParticipantId = participant, FirstYear = first, LastYear = last, Revision = revision, At = at };

    private static EntityExcluded Excluded(string market, Guid participant, int year, bool excluded, long revision, DateTimeOffset at) =>
        new() { Market = market, ParticipantId = participant, Year = year, Excluded = excluded, Revision = revision, At = at };

    private static IEnumerable<AllocationApproved> Approved(AllocationPlanEvent.PlanApproved e) =>
        e.Lines.Chunk(LinesPerEnvelope).Select((lines, number) => new AllocationApproved
        {
            Market = e.Market,
            PlanId = e.PlanId,
            Year = e.Year.Value,
            Instrument = e.Instrument,
            FromLine = number * LinesPerEnvelope,
            Lines = [.. lines.Select(line => new AllocationApproved.Line { ParticipantId = line.ParticipantId, Quantity = line.Quantity.Value, InTrust = line.InTrust })],
            ApprovedAt = e.At,
        });

    private static IEnumerable<AllocationLowered> Lowered(AllocationPlanEvent.PlanApproved e) =>
        (e.Reductions ?? []).Chunk(LinesPerEnvelope).Select((lines, number) => new AllocationLowered
        {
            Market = e.Market,
            PlanId = e.PlanId,
            Year = e.Year.Value,
            Instrument = e.Instrument,
            FromLine = number * LinesPerEnvelope,
            Lines = [.. lines.Select(line => new AllocationLowered.Line { ParticipantId = line.ParticipantId, Final = line.Final.Value })],
            ApprovedBy = e.ApprovedBy,
            ApprovedAt = e.At,
        });
}
