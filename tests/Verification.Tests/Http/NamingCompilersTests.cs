using System.Net;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Engagements;
using static CarbonMarket.Verification.Http.GansuVerification;

namespace CarbonMarket.Verification.Http;

/// <summary>Who may say that somebody compiled a report, where whoever compiles for anybody verifies nobody.</summary>
public sealed class NamingCompilersTests(GansuVerification gansu) : IClassFixture<GansuVerification>
{
    [Fact]
    public async Task An_emitter_does_not_bar_a_verifier_that_is_appointed_nor_one_of_its_group()
    {
        var ((mill, _), (other, _), bureau, sister) = (await gansu.Filed(), await gansu.Filed(), Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var member in new[] { bureau, sister })
            await gansu.Official("Li").Put($"{Gansu}/interests/{member}/group", new { group = $"Group of {bureau}" }).Json();
        (await gansu.Appoint(mill, bureau)).ShouldBe("accepted");
        foreach (var entity in new[] { mill, other })
            foreach (var named in new[] { bureau, sister })
                (await Name(entity, named).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("compiler-verifies");
        (await gansu.Appoint(other, bureau)).ShouldBe("accepted", "nobody has barred it");
        await Name(other, bureau, year: 2024).Json();

        foreach (var entity in new[] { mill, other })
            await gansu.Official("Li").PostOne($"{Gansu}/engagements/{Engagement.IdOf("gansu", entity, ComplianceYear.Of(2025))}/dismissal", new { reason = "It compiled." }).Json();
        await Name(other, bureau).Json();
        (await gansu.Appoint(mill, bureau)).ShouldBe("conflict-compiled", "the regulator has dismissed it first");
    }

    [Fact]
    public async Task Whoever_is_not_covered_for_the_year_names_nobody()
    {
        var (stranger, bureau) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        (await Name(stranger, bureau).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("entity-not-covered");
        await gansu.Service.Others.Say(ReportingYear.Entry(stranger, "gansu") with { FirstYear = 2026 });
        await gansu.Service.HasHeardOf(stranger, "gansu");
        (await Name(stranger, bureau).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("entity-not-covered", "it is from 2026 on");
        (await gansu.Appoint((await gansu.Filed()).Mill, bureau)).ShouldBe("accepted");
    }

    [Fact]
    public async Task The_regulator_puts_a_wrong_naming_right()
    {
        var ((mill, _), (other, _), bureau, compiler) = (await gansu.Filed(), await gansu.Filed(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await Name(other, bureau).Json();
        (await gansu.Appoint(mill, bureau)).ShouldBe("conflict-compiled");

        await Correct(other, null).Json();
        (await gansu.Appoint(mill, bureau)).ShouldBe("accepted");
        (await Name(other, bureau).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("compiler-verifies");
        (await Correct(other, bureau).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("compiler-verifies", "it is dismissed first, whoever names it");

        var corrected = await Correct(other, compiler).Json();
        corrected.GetProperty("participantId").GetGuid().ShouldBe(other);
        corrected.GetProperty("compilations")[0].GetProperty("compilerParticipantId").GetGuid().ShouldBe(compiler);
        (await gansu.Appoint(other, compiler)).ShouldBe("conflict-compiled");
        (await gansu.Service.As("emitter", other).Put($"{Gansu}/interests/{other}/compilers/2025", new { }).Status()).ShouldBe(HttpStatusCode.Forbidden);
    }

    private Task<HttpResponseMessage> Name(Guid entity, Guid compiler, int year = 2025) =>
        gansu.Service.As("emitter", entity).Put($"{Gansu}/interests/compilers/{year}", new { compilerParticipantId = compiler });

    private Task<HttpResponseMessage> Correct(Guid entity, Guid? compiler) =>
        gansu.Official("Li").Put($"{Gansu}/interests/{entity}/compilers/2025", new { compilerParticipantId = compiler });
}
