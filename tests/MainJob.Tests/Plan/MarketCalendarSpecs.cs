namespace CarbonMarket.MainJob.Plan;

public sealed class MarketCalendarSpecs
{
    [Theory]
    [InlineData(2021, "2021-06-14")]
    [InlineData(2022, "2022-06-13")]
    [InlineData(2023, "2023-06-12")]
    [InlineData(2024, "2024-06-10")]
    public void Trading_begins_on_the_second_monday_of_june(int year, string monday)
    {
        var calendar = new MarketCalendar(year);
        calendar.FirstAuctionOpens.Date.ShouldBe(DateTime.Parse(monday, System.Globalization.CultureInfo.InvariantCulture));
        calendar.FirstAuctionOpens.DayOfWeek.ShouldBe(DayOfWeek.Monday);
    }

    [Fact]
    public void Legal_time_never_goes_back()
    {
        var instants = Enumerable.Range(2021, 10).Select(year => new MarketCalendar(year)).SelectMany(calendar => new[]
        {
            calendar.Opening, calendar.FirstAuctionOpens, calendar.FirstAuctionCloses,
            calendar.Session(1), calendar.Session(2), calendar.Session(3),
            calendar.FinalAuctionOpens, calendar.FinalAuctionCloses, calendar.AfterTrading,
            calendar.Reporting, calendar.Surrendering, calendar.AfterDeadline,
        }).ToList();
        instants.ShouldBe(instants.Order());
        instants.Distinct().Count().ShouldBe(instants.Count);
    }
}
