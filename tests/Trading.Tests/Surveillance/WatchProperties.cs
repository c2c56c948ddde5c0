using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Journaling;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Surveillance;
using CarbonMarket.Trading.Tests.Market;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;
using Rules = CarbonMarket.PolicyPacks.Surveillance;

namespace CarbonMarket.Trading.Tests.Surveillance;

/// <summary>Whatever happens in the market, and however its journal is read, the same is told of it.</summary>
public sealed class WatchProperties
{
    private const long Iterations = 100;

    /// <summary>So strict that random trading breaks every rule.</summary>
    private static readonly PolicyPack Strict = Pack with
    {
        Trading = Pack.Trading with
        {
            Surveillance = new Rules
            {
                WashTrade = new WashTradePattern(3_600),
                RoundTrip = new RoundTripPattern(7_200, 50),
                Layering = new LayeringPattern(2, 50),
                MarkingTheClose = new ClosingPattern(200, 20, 10),
                BlockSplitting = new BlockSplittingPattern(200, 2),
                Churn = new ChurnPattern(10, 2),
            },
        },
    };

    [Fact]
    public void Cut_anywhere_and_saved_there_the_journal_raises_the_same_alerts() => Gen.Select(RandomMarket.Steps, Gen.Double[0, 1].Array[3]).Sample((steps, cuts) =>
    {
        var journal = Journal(steps);
        var whole = new MarketWatch([Strict]);
        var live = Text(journal.SelectMany(fact => whole.Evolve(Command([fact], whole))));

        var watch = new MarketWatch([Strict]);
        var alerts = new List<Alert>();
        foreach (var part in Parts(journal, cuts))
        {
            alerts.AddRange(watch.Evolve(Command(part, watch)));
            watch = MarketWatch.Load([Strict], JsonSerializer.Deserialize<WatchState>(JsonSerializer.Serialize(watch.Save()))!);
        }

        Text(alerts).ShouldBe(live);
        JsonSerializer.Serialize(watch.Save()).ShouldBe(JsonSerializer.Serialize(whole.Save()));
    }, iter: Iterations);

    [Fact]
    public void Every_alert_is_proved_by_facts_about_its_participants_and_no_fact_proves_a_pattern_twice() => RandomMarket.Steps.Sample(steps =>
    {
        var journal = Journal(steps);
        var watch = new MarketWatch([Strict]);
        var alerts = watch.Evolve(Command(journal, watch));
        alerts.Select(alert => alert.AlertId).ShouldBeUnique();
        foreach (var alert in alerts)
        {
            var facts = alert.Proofs.Select(proof => JsonSerializer.Serialize<object>(journal[(int)proof.Version - 1])).ToList();
            facts.ShouldNotBeEmpty();
            foreach (var participant in alert.ParticipantIds)
                facts.ShouldContain(fact => fact.Contains(participant.ToString(), StringComparison.Ordinal));
            foreach (var (proof, fact) in alert.Proofs.Zip(facts))
                fact.ShouldContain((proof.OrderId ?? proof.TradeId).ToString()!);
        }
        // An account's trade is its counterparty's too, so these are asked of each participant.
        foreach (var told in alerts.GroupBy(alert => (alert.Pattern, Who: alert.Pattern is AbusePattern.WashTrade or AbusePattern.RoundTrip ? default : alert.ParticipantIds[0])))
            told.SelectMany(alert => alert.Proofs).ShouldBeUnique();
    }, iter: Iterations);

    [Fact]
    public void Random_trading_under_strict_rules_shows_every_pattern()
    {
        var seen = new HashSet<AbusePattern>();
        RandomMarket.Steps.Sample(steps =>
        {
            var watch = new MarketWatch([Strict]);
            lock (seen)
                seen.UnionWith(watch.Evolve(Command(Journal(steps), watch)).Select(alert => alert.Pattern));
        }, iter: Iterations);
        seen.ShouldBe(Enum.GetValues<AbusePattern>(), ignoreOrder: true);
    }

    private static List<MarketEvent> Journal(RandomMarket.Step[] steps)
    {
        var random = new RandomMarket().Endowed();
        foreach (var step in steps)
            random.Take(step);
        return random.Journal;
    }

    private static CommittedCommand Command(IEnumerable<MarketEvent> facts, MarketWatch watch) =>
        new(Guid.Empty, watch.Version + 1, [.. facts]);

    private static IEnumerable<List<MarketEvent>> Parts(List<MarketEvent> journal, double[] cuts)
    {
        var places = cuts.Select(cut => (int)(journal.Count * cut)).Append(0).Append(journal.Count).Order().Distinct().ToList();
        return places.Zip(places.Skip(1), (from, to) => journal[from..to]);
    }

    private static ImmutableArray<string> Text(IEnumerable<Alert> alerts) => [.. alerts.Select(alert => JsonSerializer.Serialize(alert))];
}
