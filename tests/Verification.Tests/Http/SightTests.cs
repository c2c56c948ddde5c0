using System.Net;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Engagements;
using static CarbonMarket.Verification.Http.PowerPlant;

namespace CarbonMarket.Verification.Http;

/// <summary>Whose plans, evidence and reports a verifier reads where the regulator appoints.</summary>
public sealed class SightTests(VerificationService service)
{
    [Fact]
    public async Task A_verifier_reads_those_it_is_appointed_for_and_learns_nothing_of_others()
    {
        var (plant, pages, lists) = await Filed();
        var bureau = Guid.CreateVersion7();
        var verifier = service.As("verifier", bureau);
        (await Read(verifier, pages)).ShouldAllBe(status => status == HttpStatusCode.NotFound);
        (await Listed(verifier, lists, plant)).ShouldAllBe(count => count == 0);

        await service.Appoint(plant, 2021, bureau);
        (await Read(verifier, pages)).ShouldAllBe(status => status == HttpStatusCode.OK);
        (await Listed(verifier, lists, plant)).ShouldBe([1, 12, 1]);
        (await Read(service.As("verifier", Guid.CreateVersion7()), pages)).ShouldAllBe(status => status == HttpStatusCode.NotFound);

        await service.Regulator().PostOne($"{Gansu}/engagements/{Engagement.IdOf("gansu", plant, ComplianceYear.Of(2021))}/dismissal", new { reason = "It is late." }).Json();
        (await Read(verifier, pages)).ShouldAllBe(status => status == HttpStatusCode.NotFound, "it was dismissed");
        (await Listed(verifier, lists, plant)).ShouldAllBe(count => count == 0);
    }

    [Fact]
    public async Task A_verifier_reads_the_years_up_to_its_own_and_not_those_of_the_next_verifier()
    {
        var (plant, pages, lists) = await Filed();
        var (earlier, later) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await service.Appoint(plant, 2021, earlier);
        await service.Appoint(plant, 2022, later);
        var next = (await service.As("emitter", plant).Put($"{Gansu}/plans/2022", Plan()).Json()).GetProperty("planId").GetGuid();
        string[] pagesOfNext = [$"{Gansu}/plans/{next}/versions", $"{Gansu}/evidence/{plant}/2022/emissions", $"{Gansu}/evidence/{plant}/2022/workbook?format=csv"];

        foreach (var bureau in new[] { earlier, later })
            (await Read(service.As("verifier", bureau), pages)).ShouldAllBe(status => status == HttpStatusCode.OK);
        (await Read(service.As("verifier", earlier), pagesOfNext)).ShouldAllBe(status => status == HttpStatusCode.NotFound);
        (await Listed(service.As("verifier", earlier), lists, plant)).ShouldBe([1, 12, 1]);
        (await Read(service.As("verifier", later), pagesOfNext)).ShouldAllBe(status => status == HttpStatusCode.OK);
        (await Listed(service.As("verifier", later), lists, plant)).ShouldBe([1, 12, 2]);
    }

    /// <summary>A plant with all there is to read of 2021.</summary>
    private async Task<(Guid Plant, string[] Pages, string[] Lists)> Filed()
    {
        var (plant, report) = (await service.Covered("gansu"), $"{Gansu}/reports/{Guid.CreateVersion7()}");
        var emitter = service.As("emitter", plant);
        var plan = (await emitter.Put($"{Gansu}/plans/2021", Plan()).Json()).GetProperty("planId").GetGuid();
        var hash = await emitter.Kept($"readings of {plant}");
        for (var month = 1; month <= 12; month++)
            await emitter.Put($"{Gansu}/evidence/2021/{month}", Month(hash)).Json();
        var trace = (await emitter.Put(report, await emitter.Filing(plant, 2021)).Json()).GetProperty("basis").GetProperty("traceSha256").GetString();
        var evidence = $"{Gansu}/evidence/{plant}";
        return (plant,
            [
                report, $"{report}/versions", $"{report}/traces/{trace}", $"{Gansu}/plans/{plan}/versions", $"{evidence}/files/{hash}",
                $"{evidence}/2021/emissions", $"{evidence}/2021/traces/{trace}", $"{evidence}/2021/checks", $"{evidence}/2021/workbook?format=csv",
            ],
            [$"{Gansu}/reports?limit=500", $"{Gansu}/evidence?limit=500", $"{Gansu}/plans?limit=500"]);
    }

    private static async Task<HttpStatusCode[]> Read(HttpClient reader, string[] pages) => await Task.WhenAll(pages.Select(page => reader.Get(page).Status()));

    private static async Task<int[]> Listed(HttpClient reader, string[] lists, Guid plant) => await Task.WhenAll(lists.Select(async list =>
    {
        var items = (await reader.Get(list).Json()).GetProperty("items").EnumerateArray().ToList();
        items.ShouldAllBe(item => item.GetProperty("participantId").GetGuid() == plant, "of nobody else");
        return items.Count;
    }));
}
