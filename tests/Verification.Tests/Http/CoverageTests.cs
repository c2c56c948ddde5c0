using System.Net;
using CarbonMarket.Verification.Coverage;
using JasperFx;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

public sealed class CoverageTests(VerificationService service)
{
    [Fact]
    public async Task Who_is_not_on_the_list_reports_nothing() => (await File(Guid.CreateVersion7())).ShouldBe("entity-not-covered");

    [Fact]
    public async Task An_entity_covered_in_one_market_reports_nothing_in_another() =>
        (await File(await service.Covered("gansu"))).ShouldBe("entity-not-covered");

    [Fact]
    public async Task What_Allocation_says_twice_is_heard_once()
    {
        var mill = await service.Covered();
        await service.Others.Say(Entry(mill) with { FirstYear = 2022 });
        await HeardEverything();
        (await File(mill)).ShouldBeNull("revision 1 is known: what comes under its number again changes nothing");
    }

    [Fact]
    public async Task A_newer_revision_counts_and_an_older_one_that_arrives_late_does_not()
    {
        var mill = await service.Covered();
        await service.Others.Say(Entry(mill) with { FirstYear = 2022, Revision = 3 });
        await service.Others.Say(Entry(mill) with { FirstYear = 2021, Revision = 2 });
        await HeardEverything();
        (await File(mill)).ShouldBe("entity-not-covered");
    }

    [Fact]
    public async Task Of_two_instances_that_hear_of_an_entity_at_once_the_older_revision_never_stays()
    {
        var mill = await service.Covered();
        var store = service.Services.GetRequiredService<IDocumentStore>();
        var entry = Entry(mill);
        await using var slow = store.LightweightSession();
        await using var quick = store.LightweightSession();
        var id = CoveredYears.IdOf(entry.Market, mill);
        await slow.LoadAsync<CoveredYears>(id, TestContext.Current.CancellationToken);
        await quick.LoadAsync<CoveredYears>(id, TestContext.Current.CancellationToken);
        quick.Store(CoveredYears.Of(entry with { Revision = 3 }));
        await quick.SaveChangesAsync(TestContext.Current.CancellationToken);

        slow.Store(CoveredYears.Of(entry with { Revision = 2 }));

        await Should.ThrowAsync<ConcurrencyException>(() => slow.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Messages are taken one after the other, so what was said before this entry has been heard by then.</summary>
    private async Task HeardEverything() => _ = await service.Covered();

    /// <summary>Null, or the code of the refusal.</summary>
    private async Task<string?> File(Guid participant)
    {
        using var answer = await service.As("emitter", participant).Put($"{Uk}/reports/{Guid.CreateVersion7()}", Sources(("Boiler", 1)));
        return answer.IsSuccessStatusCode ? null : await Task.FromResult(answer).Code(HttpStatusCode.UnprocessableEntity);
    }
}
