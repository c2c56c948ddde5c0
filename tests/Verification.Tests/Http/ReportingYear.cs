using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Testing;
using CarbonMarket.Verification.Coverage;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.Verification.Http;

/// <summary>What participants, verifiers and the regulator do in a reporting year; each answer is of success.</summary>
internal static class ReportingYear
{
    public const string Uk = "/verification/markets/uk-ets";
    public static readonly Guid Bureau = Guid.Parse("bbbbbbbb-0000-4000-8000-00000000000b");

    public static HttpClient Verifier(this VerificationService service) => service.As("verifier", Bureau);

    public static HttpClient Regulator(this VerificationService service) => service.As("regulator");

    /// <summary>A participant on the list of covered entities, from 2021 on.</summary>
    public static async Task<Guid> Covered(this VerificationService service, string market = "uk-ets")
    {
        var participant = Guid.CreateVersion7();
        await service.Others.Say(Entry(participant, market));
        await service.HasHeardOf(participant, market);
        return participant;
    }

    public static EntityCovered Entry(Guid participant, string market = "uk-ets") => new()
    {
        Market = market, ParticipantId = participant, FirstYear = 2021, Revision = 1, At = VerificationService.LegalTime,
    };

    public static Task HasHeardOf(this VerificationService service, Guid participant, string market = "uk-ets") =>
        Eventually.Holds("Verification has heard who is covered", async () =>
        {
            await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await session.LoadAsync<CoveredYears>(CoveredYears.IdOf(market, participant)) is not null;
        });

    /// <summary>The verifier is appointed in Gansu, where the regulator does that.</summary>
    public static async Task Appoint(this VerificationService service, Guid participant, int year, Guid? verifier = null) => (await service.Regulator().Post(
        "/verification/markets/gansu/appointments/batch", new { participantId = participant, year, verifierParticipantId = verifier ?? Bureau }).Outcomes())
        .ShouldBe(["accepted"]);

    public static object Sources(params (string Name, long Tonnes)[] sources) =>
        new { year = 2021, sources = sources.Select(source => new { name = source.Name, tonnes = source.Tonnes }) };

    /// <summary>The id of a report on 2021 that the participant has filed.</summary>
    public static async Task<Guid> Filed(this VerificationService service, Guid participant, long tonnes = 1000)
    {
        var report = Guid.CreateVersion7();
        await service.File(participant, report, tonnes);
        return report;
    }

    public static async Task File(this VerificationService service, Guid participant, Guid report, long tonnes) =>
        await service.As("emitter", participant).Put($"{Uk}/reports/{report}", Sources(("Boiler", tonnes))).Json();

    public static async Task Confirm(this VerificationService service, Guid report, long tonnes) =>
        (await service.Verifier().Post($"{Uk}/statements/batch", new { reportId = report, conclusion = "positive", verifiedTonnes = tonnes })
            .Outcomes()).ShouldBe(["accepted"]);

    public static async Task Accept(this VerificationService service, Guid report) =>
        (await service.Regulator().Post($"{Uk}/decisions/batch", new { reportId = report, decision = "accepted" }).Outcomes()).ShouldBe(["accepted"]);
}
