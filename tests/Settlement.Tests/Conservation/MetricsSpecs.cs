using System.Diagnostics.Metrics;
using CarbonMarket.Settlement.Banking;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.SecondBook;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Conservation;

/// <summary>What whoever watches the service reads from its gauges.</summary>
public sealed class MetricsSpecs
{
    [Fact]
    public void The_whole_cap_is_told_by_instrument_vintage_and_state()
    {
        var ledger = After([OpenHolding(Smelter), .. Issue(Holding(Smelter), 100, Y2021), new Surrenders.SurrenderUnits(Id("s"), Holding(Smelter), Uka, Units(30), null, SmelterOne, Noon)]);
        using var metrics = new ConservationMetrics();
        metrics.Tell("a market", ConservationStatement.Of(ledger));
        Read("a market").ShouldBe([
            ("settlement.conservation.balanced", "", 1), ("settlement.conservation.version", "", ledger.Version),
            ("settlement.units", "UKA 2021 cancelled", 0), ("settlement.units", "UKA 2021 held", 70), ("settlement.units", "UKA 2021 issued", 100),
            ("settlement.units", "UKA 2021 surrendered", 30)]);
        ledger.Accounts[Holding(Smelter)].Units.Take(Uka, new Block(Y2021, 100, 100));
        metrics.Tell("a market", ConservationStatement.Of(ledger));
        Read("a market").ShouldContain(("settlement.conservation.balanced", "", 0));
    }

    [Fact]
    public void Differences_between_the_books_are_told_until_they_are_gone()
    {
        using var alarm = new SecondBookAlarm();
        var compared = new BookComparison(Id("c"), Noon, 1, 1, 1, 3, []);
        alarm.Tell("another market", compared);
        alarm.Latest("another market").ShouldBe(compared);
        Read("another market").ShouldBe([("settlement.second_book.differences", "", 3)]);
        alarm.Differing.Select(latest => latest.Key).ShouldBe(["another market"]);
        alarm.Tell("another market", compared with { DifferenceCount = 0 });
        Read("another market").ShouldBe([("settlement.second_book.differences", "", 0)]);
        alarm.Differing.ShouldBeEmpty();
    }

    [Fact]
    public void Differences_with_the_bank_are_told_day_by_day_until_they_are_gone()
    {
        using var alarm = new BankAlarm();
        alarm.Tell("a third market", Today, 2);
        alarm.Tell("a third market", Today.AddDays(1), 3);
        Read("a third market").ShouldBe([("settlement.bank_reconciliation.differences", "", 5)]);
        alarm.Tell("a third market", Today, 0);
        alarm.Differing.ShouldBe([("a third market", Today.AddDays(1), 3)]);
        alarm.Tell("a third market", Today.AddDays(1), 0);
        Read("a third market").ShouldBe([("settlement.bank_reconciliation.differences", "", 0)]);
    }

    private static List<(string Name, string Of, long Value)> Read(string market)
    {
        var read = new List<(string, string, long)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, reader) =>
        {
            if (instrument.Meter.Name == "CarbonMarket.Settlement")
                reader.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. read.OrderBy(entry => entry.Item1, StringComparer.Ordinal).ThenBy(entry => entry.Item2, StringComparer.Ordinal)];

        void Note(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var known = tags.ToArray();
            if (known.Any(tag => tag.Key == "market" && (string?)tag.Value == market))
                read.Add((instrument.Name, string.Join(' ', known.Where(tag => tag.Key != "market").Select(tag => tag.Value)), value));
        }
    }
}
