using System.Collections.Concurrent;
using System.Text.Json;
using CarbonMarket.Testing;
using CarbonMarket.Verification.Coverage;
using CarbonMarket.Verification.Http;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Verification.Http.ReportingYear;
using static CarbonMarket.Verification.RealData.CaliforniaReport;

namespace CarbonMarket.Verification.RealData;

/// <summary>
/// The 4,845 reports of six years that California published, filed, verified and decided through the API by their facilities, verifiers and authority.
/// </summary>
public sealed class CaliforniaTests(GansuVerification instance) : IClassFixture<GansuVerification>
{
    private const decimal Noise = 0.000001m;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private VerificationService Service => instance.Service;

    /// <summary>What the file says of itself, before anything is made of it.</summary>
    [Fact]
    public void Totals_are_the_sum_of_their_parts_and_of_what_is_covered_and_what_is_not()
    {
        var reports = All();
        reports.Count.ShouldBe(4845);
        reports.DistinctBy(report => report.Id).Count().ShouldBe(4845);
        Beyond(report => report.Total - report.Parts.Sum(part => part.Tonnes), Noise).ShouldBe(1, "the parts of one are published with fewer decimals than its total");
        Beyond(report => report.Total - report.CoveredTotal - report.NotCovered, Noise).ShouldBe(22, "as is what is covered of these");
        Beyond(report => report.CoveredTotal - report.Covered.Sum(), Noise).ShouldBe(2);
        foreach (var difference in new Func<CaliforniaReport, decimal>[]
        {
            report => report.Total - report.Parts.Sum(part => part.Tonnes), report => report.Total - report.CoveredTotal - report.NotCovered, report => report.CoveredTotal - report.Covered.Sum(),
        })
            Beyond(difference, 1).ShouldBe(0, "no difference is of a tonne");

        int Beyond(Func<CaliforniaReport, decimal> difference, decimal limit) => reports.Count(report => Math.Abs(difference(report)) >= limit);
    }

    [Fact]
    public async Task Six_years_of_reports_are_filed_verified_and_decided_as_they_were()
    {
        var reports = All();
        instance.At("2027-06-01");
        await Cover(reports);
        var filed = await File(reports);

        // Each part is filed in whole tonnes; so the total is the file's but for half a tonne of each part that has a fraction, and the file's own rounding.
        foreach (var report in reports)
        {
            var fractions = report.Parts.Count(part => !decimal.IsInteger(part.Tonnes));
            Math.Abs(filed[report.Id] - report.Total).ShouldBeLessThan((0.5m * fractions) + 1, report.Facility);
            filed[report.Id].ShouldBe(report.Parts.Sum(part => Whole(part.Tonnes)));
            Math.Abs(filed[report.Id] - Whole(report.CoveredTotal) - Whole(report.NotCovered)).ShouldBeLessThanOrEqualTo(4, "covered and not covered are rounded too");
        }

        await Verify(reports);
        var decided = await Decide([.. reports.Where(report => !report.IsAssigned || report.Conclusion is null or "adverse")]);
        foreach (var report in reports.Where(report => decided.ContainsKey(report.Id)))
            decided[report.Id].ShouldBe(report.Conclusion is null ? "not-verified" : report.Conclusion == "adverse" ? "adverse-statement" : "accepted", report.Facility);

        // Nothing is accepted on an adverse statement or on none: the authority assigns the level. It did so for all but one of them, and for two that had a better statement.
        var assigned = reports.Where(report => report.IsAssigned).ToList();
        assigned.Select(report => report.Statement).Order(StringComparer.Ordinal).ShouldBe(
            ["Adverse", "Adverse", "Adverse", "Not Verified", "Not Verified", "Not Verified", "Not Verified", "Positive", "Qualified Positive"]);
        reports.Where(report => report.Conclusion == "adverse").ShouldAllBe(report => report.IsAssigned);
        reports.Count(report => report is { Statement: "Not Verified", IsAssigned: false }).ShouldBe(1);
        foreach (var report in assigned)
            await Assign(report, filed[report.Id]);

        var stands = await Stand();
        stands.Count.ShouldBe(4845);
        foreach (var report in reports)
        {
            var accepted = stands[report.Id].GetProperty("accepted");
            if (report is { Conclusion: null, IsAssigned: false })
                accepted.ValueKind.ShouldBe(JsonValueKind.Null, "who is too small to be verified answers for nothing");
            else
                accepted.GetProperty("verifiedTonnes").GetInt64().ShouldBe(report.IsAssigned ? Level(report, filed[report.Id]) : Whole(report.Total));
        }
    }

    /// <summary>Not below what was reported, which rounding may have raised by a tonne.</summary>
    private static long Level(CaliforniaReport report, long filed) => Math.Max(Whole(report.Total), filed);

    private async Task Cover(IReadOnlyList<CaliforniaReport> reports)
    {
        var facilities = reports.Select(report => report.ParticipantId).Distinct().ToList();
        foreach (var facility in facilities)
            await Service.Others.Say(Entry(facility));
        await Eventually.Holds("Verification has heard of all facilities", async () =>
        {
            await using var session = Service.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await session.Query<CoveredYears>().CountAsync(Stopping) >= facilities.Count;
        });
    }

    private async Task<IReadOnlyDictionary<Guid, long>> File(IReadOnlyList<CaliforniaReport> reports)
    {
        var filed = new ConcurrentDictionary<Guid, long>();
        await Parallel.ForEachAsync(reports, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stopping }, async (report, _) =>
        {
            var answer = await Service.As("emitter", report.ParticipantId).Put($"{Uk}/reports/{report.Id}", new
            {
                year = report.FiledYear, sources = report.Parts.Select(part => new { name = part.Name, tonnes = Whole(part.Tonnes) }),
            }).Json();
            filed[report.Id] = answer.GetProperty("totalTonnes").GetInt64();
        });
        return filed;
    }

    private async Task Verify(IReadOnlyList<CaliforniaReport> reports)
    {
        foreach (var verified in reports.Where(report => report.Conclusion is not null).GroupBy(report => report.VerifierId))
        {
            foreach (var part in verified.Chunk(500))
            {
                (await Service.As("verifier", verified.Key).Post($"{Uk}/statements/batch", [.. part.Select(report => new
                {
                    reportId = report.Id, conclusion = report.Conclusion, verifiedTonnes = Whole(report.Total),
                })]).Outcomes()).ShouldAllBe(outcome => outcome == "accepted");
            }
        }
    }

    private async Task<IReadOnlyDictionary<Guid, string>> Decide(IReadOnlyList<CaliforniaReport> reports)
    {
        var decided = new Dictionary<Guid, string>();
        foreach (var part in reports.Chunk(500))
        {
            var outcomes = await Service.Regulator().Post($"{Uk}/decisions/batch", [.. part.Select(report => new { reportId = report.Id, decision = "accepted" })]).Outcomes();
            foreach (var (report, outcome) in part.Zip(outcomes))
                decided.Add(report.Id, outcome);
        }

        return decided;
    }

    private async Task Assign(CaliforniaReport report, long filed)
    {
        var determination = $"{Uk}/reports/{report.Id}/determinations/{report.ParticipantId}";
        await instance.Official("proposer").Put(determination, new { tonnes = Level(report, filed), ground = $"Assigned emissions level; the statement is {report.Statement}." }).Json();
        await instance.Official("approver").PostOne($"{determination}/approval").Json();
    }

    private async Task<IReadOnlyDictionary<Guid, JsonElement>> Stand()
    {
        var (stands, after) = (new Dictionary<Guid, JsonElement>(), (string?)null);
        do
        {
            var page = await Service.Regulator().Get($"{Uk}/reports?limit=500{(after is null ? "" : $"&after={after}")}").Json();
            foreach (var report in page.GetProperty("items").EnumerateArray())
                stands.Add(report.GetProperty("reportId").GetGuid(), report);
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);
        return stands;
    }
}
