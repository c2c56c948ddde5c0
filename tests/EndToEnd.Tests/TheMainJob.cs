namespace CarbonMarket.EndToEnd;

public sealed class TheMainJob(LocalSystem system)
{
    private const int Operators = 38;
    private const int WithoutStatus = 5;

    [Fact]
    public void It_ends_well() => system.Undisturbed.ExitCode.ShouldBe(0, system.Undisturbed.Output);

    [Fact]
    public void Every_published_status_is_met()
    {
        system.Undisturbed.Number("operators").ShouldBe(Operators);
        system.Undisturbed.Number("statusCompared").ShouldBe(Operators - WithoutStatus);
        system.Undisturbed.Number("statusMatching").ShouldBe(Operators - WithoutStatus);
    }

    [Fact]
    public void What_is_surrendered_is_what_the_registry_published()
    {
        system.Undisturbed.Number("unitsSurrendered").ShouldBe(system.Undisturbed.Number("publishedSurrendered"));
        system.Undisturbed.Number("publishedSurrendered").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void No_unit_is_lost_or_made()
    {
        system.Undisturbed.Number("unitsIssued")
            .ShouldBe(system.Undisturbed.Number("unitsHeld") + system.Undisturbed.Number("unitsSurrendered"));
        system.Undisturbed.Holds("ledgerBalanced").ShouldBeTrue();
        system.Undisturbed.Holds("tradingMirrorMatches").ShouldBeTrue();
    }

    [Fact]
    public void Every_event_is_in_the_audit_log()
    {
        system.Undisturbed.Number("auditEvents").ShouldBe(system.Undisturbed.Number("eventsInStores"));
        system.Undisturbed.Number("auditEvents").ShouldBeGreaterThan(0);
        system.Undisturbed.Holds("auditVerified").ShouldBeTrue();
    }

    [Fact]
    public void Units_are_traded_in_auctions_and_in_the_book()
    {
        // Two a year, but in one of the four years these few operators can serve each other and the first falls away.
        system.Undisturbed.Number("auctions").ShouldBe(7);
        system.Undisturbed.Number("trades").ShouldBeGreaterThan(system.Undisturbed.Number("auctions"));
    }
}
