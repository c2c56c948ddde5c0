namespace CarbonMarket.MainJob.Plan;

/// <summary>
/// When things happen in the market of one year. Trading is in the second full week of June, which has no public holiday
/// in the United Kingdom; all instants are UTC and lie inside the trading hours of British summer time.
/// </summary>
public sealed record MarketCalendar(int Year)
{
    /// <summary>Plans are approved, cash and units moved to the trading accounts.</summary>
    public DateTimeOffset Opening => At(Monday, 7);

    public DateTimeOffset FirstAuctionOpens => At(Monday, 8);

    public DateTimeOffset FirstAuctionCloses => At(Monday, 10);

    /// <param name="session">Counts from 1; the first follows the first auction on the same day.</param>
    public DateTimeOffset Session(int session) => At(TradingDay(session), session == 1 ? 11 : 8);

    /// <summary>On a day of its own: the last session's orders have lapsed and no longer hold their cash.</summary>
    public DateTimeOffset FinalAuctionOpens => At(TradingDay(MarketPlan.Sessions + 1), 8);

    public DateTimeOffset FinalAuctionCloses => At(TradingDay(MarketPlan.Sessions + 1), 10);

    /// <summary>Early in the day after, when all of the trading is over.</summary>
    public DateTimeOffset AfterTrading => At(TradingDay(MarketPlan.Sessions + 2), 5);

    /// <summary>Emissions are reported in the new year, before the end of March.</summary>
    public DateTimeOffset Reporting => new(Year + 1, 2, 15, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Before the last day for surrender, the end of April.</summary>
    public DateTimeOffset Surrendering => new(Year + 1, 4, 14, 9, 0, 0, TimeSpan.Zero);

    public DateTimeOffset AfterDeadline => new(Year + 1, 5, 2, 9, 0, 0, TimeSpan.Zero);

    private DateOnly Monday
    {
        get
        {
            var first = new DateOnly(Year, 6, 1);
            var toMonday = ((int)DayOfWeek.Monday - (int)first.DayOfWeek + 7) % 7;
            return first.AddDays(toMonday + 7);
        }
    }

    private DateOnly TradingDay(int number) => Monday.AddDays(number - 1);

    private static DateTimeOffset At(DateOnly day, int hour) => new(day, new TimeOnly(hour, 0), TimeSpan.Zero);
}
