using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Clearing;

namespace CarbonMarket.Settlement.Penalties;

/// <summary>A calendar month of trading days.</summary>
public readonly record struct Month(int Year, int Number) : IComparable<Month>
{
    public static Month Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>The month that ends on a day, or the last one that has ended before it.</summary>
    public static Month EndedBy(DateOnly day) => day.AddDays(1).Day == 1 ? Of(day) : Of(day.AddMonths(-1));

    public static bool operator <(Month left, Month right) => left.CompareTo(right) < 0;

    public static bool operator >(Month left, Month right) => left.CompareTo(right) > 0;

    public static bool operator <=(Month left, Month right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Month left, Month right) => left.CompareTo(right) >= 0;

    public int CompareTo(Month other) => (Year, Number).CompareTo((other.Year, other.Number));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Number:00}");
}

/// <summary>What was traded of one instrument in one month, all modes together; settled trades only.</summary>
public sealed record TurnoverOfMonth(Month Month, string Instrument, Quantity Volume, Money Turnover);

/// <summary>An average price that the authority has published, which goes before what the settled trades say.</summary>
public sealed record PublishedPrice(Month Month, Price Price, string Ground, string By);

/// <summary>The market's average price (平均成交价格) month by month: turnover over volume. One entry for each month and instrument.</summary>
public sealed class MonthlyTurnover
{
    private readonly SortedDictionary<(Month Month, string Instrument), (Quantity Volume, Money Turnover)> _months =
        new(Comparer<(Month Month, string Instrument)>.Create((left, right) =>
            left.Month != right.Month ? left.Month.CompareTo(right.Month) : string.CompareOrdinal(left.Instrument, right.Instrument)));

    private readonly SortedDictionary<Month, PublishedPrice> _published = [];

    public IReadOnlyDictionary<Month, PublishedPrice> Published => _published;

    public IEnumerable<TurnoverOfMonth> All =>
        _months.Select(entry => new TurnoverOfMonth(entry.Key.Month, entry.Key.Instrument, entry.Value.Volume, entry.Value.Turnover));

    public void Note(DateOnly tradingDay, TradeSettled e) => Add(new TurnoverOfMonth(Month.Of(tradingDay), e.Instrument, e.Blocks.Quantity, e.CashMinor));

    public void Publish(PublishedPrice price) => _published[price.Month] = price;

    public (Quantity Volume, Money Turnover) Of(Month month, Func<string, bool> counts)
    {
        var (volume, turnover) = (Quantity.Zero, Money.Zero);
        foreach (var (_, value) in _months.Where(entry => entry.Key.Month == month && counts(entry.Key.Instrument)))
            (volume, turnover) = (volume + value.Volume, turnover + value.Turnover);
        return (volume, turnover);
    }

    internal void Add(TurnoverOfMonth traded)
    {
        var known = _months.GetValueOrDefault((traded.Month, traded.Instrument));
        _months[(traded.Month, traded.Instrument)] = (known.Volume + traded.Volume, known.Turnover + traded.Turnover);
    }

    internal Parts ToParts() => new([.. All], [.. _published.Values]);

    internal void Restore(Parts parts)
    {
        foreach (var month in parts.Months)
            Add(month);
        foreach (var price in parts.Published)
            Publish(price);
    }

    internal sealed record Parts(ImmutableArray<TurnoverOfMonth> Months, ImmutableArray<PublishedPrice> Published);
}
