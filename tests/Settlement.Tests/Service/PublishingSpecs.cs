using System.Runtime.CompilerServices;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Ledger;
using JasperFx.Events;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Service;

public sealed class PublishingSpecs
{
    private static readonly CashDeposited Funded = new(Id("deposit"), Trading(Broker), Broker, Pence(5), Noon);

    [Fact]
    public void Each_market_has_promises_of_its_own() =>
        Translate([Recorded("here"), Recorded("there")], "here", "there")
            .Select(promise => ((TradingAccountsFunded)promise.Message).Market).ShouldBe(["here", "there"]);

    [Fact]
    public void What_a_market_that_runs_here_no_more_has_promised_is_not_skipped() =>
        Should.Throw<InvalidOperationException>(() => Translate([Recorded("here"), Recorded("there")], "here"))
            .Message.ShouldContain(Ledgers.StreamOf("there").ToString());

    [Fact]
    public void What_was_issued_and_kept_back_of_a_plan_is_told_in_the_order_of_the_ledger()
    {
        var (plan, year) = (Id("plan"), ComplianceYear.Of(2021));
        Translate(
            [
                InLedger(new AllocationDeducted(plan, 0, Smelter, Uka, year, Units(100), Units(30), [], Noon), 7),
                InLedger(new UnitsAllocated(plan, 0, Holding(Smelter), Smelter, Uka, new Block(year, 1, 70), Noon), 8),
            ], "here").ShouldHaveSingleItem().Message.ShouldBeOfType<AllocationsBooked>().Bookings.ShouldBe(
            [
                new AllocationsBooked.Booking { PlanId = plan, ParticipantId = Smelter, Issued = 0, Deducted = 30, Version = 7, At = Noon },
                new AllocationsBooked.Booking { PlanId = plan, ParticipantId = Smelter, Issued = 70, Deducted = 0, Version = 8, At = Noon },
            ]);

        static Event<T> InLedger<T>(T fact, long version)
            where T : class => new(fact) { Id = Guid.CreateVersion7(), StreamId = Ledgers.StreamOf("here"), Version = version };
    }

    /// <summary>It is never read: were something made of it, nobody would be told.</summary>
    [Fact]
    public void Of_what_is_not_read_for_publishing_nothing_is_promised()
    {
        foreach (var type in EventNames.All.Select(named => named.Type).Except(Publishing.Promised))
            Translate([Blank(type)], "here").ShouldBeEmpty(type.Name);

        // Content does not matter: what is told of an event is chosen by its type.
        static IEvent Blank(Type type)
        {
            var recorded = (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(type), RuntimeHelpers.GetUninitializedObject(type))!;
            recorded.StreamId = Ledgers.StreamOf("here");
            return recorded;
        }
    }

    private static List<Promise> Translate(IReadOnlyList<IEvent> page, params string[] markets) =>
        [.. Publishing.Translate(page, new MarketStreams(markets, Ledgers.StreamOf))];

    private static Event<CashDeposited> Recorded(string market) => new(Funded) { Id = Guid.CreateVersion7(), StreamId = Ledgers.StreamOf(market) };
}
