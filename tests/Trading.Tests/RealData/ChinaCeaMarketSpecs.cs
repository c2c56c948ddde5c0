using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.Tests.RealData;

/// <summary>
/// The first half-year of the national allowance market as it was published, 16 July to 31 December 2021, against our
/// closes, changes and bands. Published are the prices of the listed market, and volume and amount of listed trades and blocks.
/// </summary>
public sealed class ChinaCeaMarketSpecs
{
    private static readonly DateOnly First = new(2021, 7, 16);

    private static readonly Instrument Allowance = PolicyPackCatalog
        .Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Find("gansu")!.Instrument("CEA-2021")!;

    [Fact]
    public void Every_close_is_the_mean_of_the_listed_trades_weighted_by_volume()
    {
        var days = Days();
        days.Count.ShouldBe(114);
        days.Select(day => (day.Date, Close: ClosingPrice.Mean(day.Listed.Volume, day.Listed.Amount, Allowance.TickMinor)))
            .ShouldBe(days.Select(day => (day.Date, (Price?)day.Close)));
    }

    [Fact]
    public void Every_change_is_that_of_the_close_on_the_close_before()
    {
        var days = WithPrevious();
        days.Select(day => (day.Of.Date, ClosingPrice.ChangeBasisPoints(day.Of.Close, day.Previous)))
            .ShouldBe(days.Select(day => (day.Of.Date, day.Of.ChangeBasisPoints)));
    }

    /// <summary>
    /// The first day is odd: it opened at 48.00, and yet its low is published as 51.23, the day's mean. Having no close before
    /// it, it was measured against its opening price.
    /// </summary>
    [Fact]
    public void Every_open_and_close_lies_between_low_and_high_but_the_opening_of_the_first_day()
    {
        Days().Where(day => day.Open < day.Low || day.Open > day.High || day.Close.MinorPerUnit < day.Low || day.Close.MinorPerUnit > day.High)
            .Select(day => (day.Date, day.Open, day.Low, day.High, day.Close))
            .ShouldBe([(First, 4_800L, 5_123L, 5_123L, Price.OfMinor(5_123))]);
    }

    [Fact]
    public void Every_listed_price_lies_within_the_band_of_the_previous_close() =>
        WithPrevious().SelectMany(day => new[] { day.Of.Open, day.Of.High, day.Of.Low }.Select(price => (day.Of.Date, day.Previous, Price: price)))
            .Where(at => !PriceBand.Of(Allowance, at.Previous)!.Value.Contains(at.Price)).ShouldBeEmpty();

    /// <summary>Of blocks only the mean price of the day is known: it lies within the band if all of them did.</summary>
    [Fact]
    public void Every_mean_of_blocks_lies_within_their_band()
    {
        var days = WithPrevious().Where(day => day.Of.Blocks.Volume > 0).ToList();
        days.Count.ShouldBe(53);
        days.Where(day => PriceBand.OfBlocks(Allowance, day.Previous)!.Value is var band
            && (day.Of.Blocks.Amount < (Int128)band.LowMinor * day.Of.Blocks.Volume || day.Of.Blocks.Amount > (Int128)band.HighMinor * day.Of.Blocks.Volume))
            .ShouldBeEmpty();
    }

    /// <summary>Why the pack rounds to the nearest tick: rounded inward, the limits would have forbidden what was traded.</summary>
    [Fact]
    public void Rounded_inward_four_highs_and_one_mean_of_blocks_would_lie_outside_by_a_tick()
    {
        var inward = Allowance with { BandRounding = BandRounding.Inward };
        WithPrevious().Where(day => day.Of.High > PriceBand.Of(inward, day.Previous)!.Value.HighMinor)
            .Select(day => (day.Of.Date, day.Of.High, PriceBand.Of(inward, day.Previous)!.Value.HighMinor)).ShouldBe(
            [
                (new DateOnly(2021, 8, 9), 5_826L, 5_825L),
                (new DateOnly(2021, 10, 11), 4_849L, 4_848L),
                (new DateOnly(2021, 12, 20), 5_133L, 5_132L),
                (new DateOnly(2021, 12, 29), 5_686L, 5_685L),
            ]);
        WithPrevious().Where(day => day.Of.Blocks.Volume > 0
                && day.Of.Blocks.Amount < (Int128)PriceBand.OfBlocks(inward, day.Previous)!.Value.LowMinor * day.Of.Blocks.Volume)
            .Select(day => day.Of.Date).ShouldBe([new DateOnly(2021, 11, 19)]);
    }

    private static List<(Day Of, Price Previous)> WithPrevious()
    {
        var days = Days();
        return [.. days.Select((day, index) => (day, index == 0 ? Price.OfMinor(day.Open) : days[index - 1].Close))];
    }

    private static List<Day> Days() =>
        [.. SharedData.Rows("china-cea-market/daily_2021.csv").GroupBy(row => row[0], StringComparer.Ordinal).Select(rows => Read([.. rows]))];

    private static Day Read(string[][] rows)
    {
        // Both rows of a day repeat the listed market's prices.
        rows.Select(row => string.Join(',', row[..7])).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        var day = rows[0];
        return new Day(
            DateOnly.Parse(day[0], CultureInfo.InvariantCulture), Hundredths(day[2]), Hundredths(day[3]), Hundredths(day[4]),
            Price.OfMinor(Hundredths(day[5])), Hundredths(day[6]), Traded(rows, "Listed"), Traded(rows, "Block"));
    }

    private static Traded Traded(string[][] rows, string type) => rows.SingleOrDefault(row => row[9] == type) is { } row
        ? new Traded(Hundredths(row[7]) / 100, Hundredths(row[8]))
        : new Traded(0, 0);

    /// <summary>Yuan as fen, per cent as 0.01 %; no figure has more than two places.</summary>
    private static long Hundredths(string text)
    {
        var exact = decimal.Parse(text, CultureInfo.InvariantCulture) * 100;
        decimal.IsInteger(exact).ShouldBeTrue(text);
        return (long)exact;
    }
}

/// <param name="Volume">In tonnes.</param>
/// <param name="Amount">In fen.</param>
internal sealed record Traded(long Volume, long Amount);

/// <summary>A day as published, prices in fen.</summary>
internal sealed record Day(
    DateOnly Date, long Open, long High, long Low, Price Close, long ChangeBasisPoints, Traded Listed, Traded Blocks);
