using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using static CarbonMarket.Verification.Reports.ReportCommand;
using static CarbonMarket.Verification.Reports.ReportEvent;

namespace CarbonMarket.Verification.Reports;

/// <summary>The mill's report for 2021, and what the mill, its verifier and the regulator may do and say about it.</summary>
internal static class TheMillsReport
{
    public const string Market = "uk-ets";
    public static readonly Guid Report = Guid.Parse("22222222-2222-4222-8222-222222222222");
    public static readonly Guid Mill = Guid.Parse("11111111-1111-4111-8111-111111111111");
    public static readonly Guid Quarry = Guid.Parse("33333333-3333-4333-8333-333333333333");
    public static readonly Guid Verifier = Guid.Parse("44444444-4444-4444-8444-444444444444");
    public static readonly Guid OtherVerifier = Guid.Parse("55555555-5555-4555-8555-555555555555");
    public static readonly ComplianceYear Year = ComplianceYear.Of(2021);
    public static readonly DateTimeOffset Noon = new(2022, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Later = Noon.AddDays(1);

    public static readonly ReportSource Boiler = new("Boiler", Tonnes.Of(700));
    public static readonly ReportSource Kiln = new("Kiln", Tonnes.Of(300));
    public static readonly ReportSource SmallerKiln = new("Kiln", Tonnes.Of(250));

    public static readonly ReportFiled Filed =
        new(Market, Report, Mill, Year, 1, [Boiler, Kiln], Tonnes.Of(1000), Late: false, Noon);

    public static readonly StatementGiven Confirmed =
        new(Market, Report, Mill, Year, 1, Verifier, Conclusion.Positive, Tonnes.Of(990), Noon);

    public static readonly StatementGiven Doubted = Confirmed with { Conclusion = Conclusion.Adverse };
    public static readonly ReportAccepted Accepted = new(Market, Report, Mill, Year, 1, Tonnes.Of(990), Noon);
    public static readonly ReportReturned Returned = new(Market, Report, Mill, Year, 1, "The kiln is not metered.", Noon);

    /// <summary>The second filing, with a smaller kiln.</summary>
    public static readonly ReportFiled Restated =
        Filed with { ReportVersion = 2, Sources = [Boiler, SmallerKiln], Total = Tonnes.Of(950), At = Later };

    public static readonly Spec<EmissionReport?, ReportCommand, ReportEvent> Spec =
        new(() => null, EmissionReport.Decide, EmissionReport.After);

    public static Submit File(params ReportSource[] sources) => new(
        Market, Report, Mill, Year, [.. sources.Length == 0 ? [Boiler, Kiln] : sources], Covered: true, YearIsOver: true, Late: false, Noon);

    public static Submit Restate() => File(Boiler, SmallerKiln) with { At = Later };

    public static GiveStatement Confirm(long? version = null) =>
        new(Market, Report, version, Verifier, Conclusion.Positive, Tonnes.Of(990), Noon);

    public static Accept Accept(long? version = null) => new(Market, Report, version, Noon);

    public static Return Return(long? version = null) => new(Market, Report, version, "The kiln is not metered.", Noon);
}
