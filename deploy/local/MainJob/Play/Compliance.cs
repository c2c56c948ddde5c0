using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;
using CarbonMarket.MainJob.Registry;

namespace CarbonMarket.MainJob.Play;

/// <summary>The year after: exclusions, reports, statements, decisions, surrender, and the closing of the year.</summary>
public sealed class Compliance(Scene scene, LegalClock clock, Ledger ledger)
{
    public const int Phases = 5;

    public async Task Play(MarketCalendar calendar, IChapter chapter, CancellationToken stopping)
    {
        var year = calendar.Year;
        await clock.Set(calendar.Reporting, stopping);
        await HasBegun(year + 1, stopping);
        await Exclude(year, chapter, stopping);
        var reports = await Report(year, chapter, stopping);
        await Decide(year, reports, chapter, stopping);
        await clock.Set(calendar.Surrendering, stopping);
        await Surrender(year, chapter, stopping);
        chapter.Begin("closing the year");
        await clock.Set(calendar.AfterDeadline, stopping);
        await IsClosed(year, stopping);
    }

    private async Task Exclude(int year, IChapter chapter, CancellationToken stopping)
    {
        var excluded = scene.Extract.Operators.Where(row => row.IsExcludedIn(year)).ToList();
        chapter.Begin("exclusions", excluded.Count);
        await scene.Market.PostBatches(scene.Cast.Regulator.Client, Scene.Allocation("exclusions/batch"),
            excluded.Select(row => new NewExclusion(scene.Cast.Operator(row.Id).ParticipantId, year, Excluded: true)),
            chapter.Step, stopping);
        chapter.Note($"{excluded.Count} operators");
    }

    /// <summary>
    /// The list of covered entities reaches Verification by way of events, and no reading tells whether it has: a report
    /// refused for that reason alone is filed again.
    /// </summary>
    private Task File(Operator row, int year, CancellationToken stopping) => scene.Waiting.Until(
        $"operator {row.Id} to be known as a covered entity", async () =>
        {
            try
            {
                await scene.Market.Put(scene.Cast.Operator(row.Id).Client,
                    Scene.Verification($"reports/{ReportId(row, year)}"),
                    new NewReport(year, [new ReportSource("All sources", row.EmittedIn(year)!.Value)]), stopping);
                return null;
            }
            catch (RefusedException refused) when (refused.Code is "entity-not-covered")
            {
                return refused.Message;
            }
        }, stopping);

    private async Task<IReadOnlyList<Operator>> Report(int year, IChapter chapter, CancellationToken stopping)
    {
        var reporting = scene.Extract.Operators.Where(row => row.EmittedIn(year) is not null).ToList();
        chapter.Begin("emission reports", reporting.Count);
        await Scene.InParallel(reporting, chapter, (row, token) => File(row, year, token), stopping);
        chapter.Note($"{reporting.Count} reports of {reporting.Sum(row => row.EmittedIn(year)!.Value):N0} t");
        return reporting;
    }

    private async Task Decide(int year, IReadOnlyList<Operator> reports, IChapter chapter, CancellationToken stopping)
    {
        chapter.Begin("statements and decisions", 2 * reports.Count);
        await scene.Market.PostBatches(scene.Cast.Verifier.Client, Scene.Verification("statements/batch"),
            reports.Select(row => new NewStatement(ReportId(row, year), "positive", row.EmittedIn(year)!.Value)),
            chapter.Step, stopping);
        await scene.Market.PostBatches(scene.Cast.Regulator.Client, Scene.Verification("decisions/batch"),
            reports.Select(row => new NewDecision(ReportId(row, year), "accepted")), chapter.Step, stopping);
        await AreAccepted(year, stopping);
    }

    private async Task Surrender(int year, IChapter chapter, CancellationToken stopping)
    {
        var surrenders = scene.Plan.Surrenders(year);
        chapter.Begin("surrender", surrenders.Length);
        await Scene.InParallel(surrenders, chapter, (surrender, token) =>
        {
            var member = scene.Cast.Operator(surrender.OperatorId);
            return scene.Market.Put(member.Client, Scene.Settlement($"surrenders/{surrender.Id}"),
                new NewSurrender(member.HoldingAccountId, Scene.Instrument, surrender.Amount), token);
        }, stopping);
        foreach (var surrender in surrenders)
            scene.Holdings.Surrender(surrender.OperatorId, surrender.Amount);
        await ledger.Agrees($"the surrenders for {year}", stopping);
        chapter.Note($"{surrenders.Length} operators, {surrenders.Sum(each => each.Amount):N0} t");
    }

    private Guid ReportId(Operator row, int year) => scene.Ids.For("report", year, row.Id);

    private Task HasBegun(int year, CancellationToken stopping) => scene.Waiting.Until($"{year} to begin", async () =>
    {
        var years = await Years(stopping);
        return years.CurrentYear >= year ? null : $"The current year is {years.CurrentYear}.";
    }, stopping);

    private Task IsClosed(int year, CancellationToken stopping) => scene.Waiting.Until($"{year} to be closed", async () =>
    {
        var years = await Years(stopping);
        return years.Closed.Any(closed => closed.Year == year) ? null : $"{years.Closed.Count} years are closed.";
    }, stopping);

    private Task AreAccepted(int year, CancellationToken stopping) => scene.Waiting.Until(
        $"the verified emissions of {year} on the compliance accounts", async () =>
        {
            var entries = (await scene.Market.List<ComplianceEntry>(
                    scene.Cast.Regulator.Client, Scene.Settlement("compliance"), stopping))
                .ToDictionary(entry => entry.ParticipantId, entry => entry.VerifiedCumulative);
            var lacking = scene.Extract.Operators.Where(row => row.FirstYear <= year && EmittedThrough(row, year)
                != entries.GetValueOrDefault(scene.Cast.Operator(row.Id).ParticipantId)).ToList();
            return lacking.Count == 0 ? null : $"{lacking.Count} are not there, the first: operator {lacking[0].Id}.";
        }, stopping);

    private Task<ComplianceYears> Years(CancellationToken stopping) =>
        scene.Market.Get<ComplianceYears>(scene.Cast.Regulator.Client, Scene.Settlement("compliance-years"), stopping);

    private static long EmittedThrough(Operator row, int year) =>
        row.Emissions.Where(cell => cell.Key <= year).Sum(cell => cell.Value.Tonnes ?? 0);
}
