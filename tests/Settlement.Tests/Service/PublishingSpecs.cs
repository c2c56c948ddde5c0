using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Settlement.Cash;
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

    private static List<Promise> Translate(IReadOnlyList<IEvent> page, params string[] markets) =>
        [.. Publishing.Translate(page, new MarketStreams(markets, Ledgers.StreamOf))];

    private static Event<CashDeposited> Recorded(string market) => new(Funded) { Id = Guid.CreateVersion7(), StreamId = Ledgers.StreamOf(market) };
}
