using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using static CarbonMarket.Allocation.Installations.InstallationCommand;
using static CarbonMarket.Allocation.Installations.InstallationEvent;

namespace CarbonMarket.Allocation.Installations;

public sealed class InstallationSpecs
{
    private static readonly Guid Unit = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Plant = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly Guid Buyer = Guid.Parse("33333333-3333-4333-8333-333333333333");
    private static readonly DateTimeOffset Noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly InstallationRegistered Registered = new("gansu", Unit, Plant, "Unit 1", Of(2021), Noon);

    private static readonly Spec<Installation?, InstallationCommand, InstallationEvent> Spec =
        new(() => null, Installation.Decide, (unit, e) => Installation.After(unit, e, Guid.Empty));

    [Fact]
    public void It_is_registered_once()
    {
        Spec.Given().When(Register()).Then(Registered);
        Spec.Given(Registered).When(Register() with { Name = "Unit 2" }).ThenRejected("id-reused");
        Spec.Given().When(Classify(2021, "gas")).ThenRejected("unknown-installation");
        Spec.Given(Registered).When(Classify(2021, "gas") with { Market = "uk-ets" }).ThenRejected("unknown-installation");
    }

    [Fact]
    public void Its_category_changes_from_a_year_on_and_earlier_years_keep_theirs()
    {
        Spec.Given(Registered).When(Classify(2023, "gas")).Then(Classified(2023, "gas"));
        Spec.Given(Registered).When(Classify(2020, "gas")).ThenRejected("before-first-year");
        var unit = Fold(Registered, Classified(2021, "coal-unconventional"), Classified(2024, "gas"));
        (unit.ClassIn(2023)!.Categories.Single(), unit.ClassIn(2024)!.Categories.Single(), unit.ClassIn(2020)).ShouldBe(("coal-unconventional", "gas", null));
    }

    [Fact]
    public void It_is_handed_over_from_a_year_on()
    {
        Spec.Given(Registered).When(Transfer(2024)).Then(new InstallationTransferred("gansu", Unit, Plant, Buyer, Of(2024), Noon));
        Spec.Given(Registered).When(Transfer(2020)).ThenRejected("before-first-year");
        var unit = Fold(Registered, new InstallationTransferred("gansu", Unit, Plant, Buyer, Of(2024), Noon));
        (unit.OwnerIn(2023), unit.OwnerIn(2024)).ShouldBe((Plant, Buyer));
    }

    [Fact]
    public void It_is_shut_on_a_day()
    {
        Spec.Given(Registered).When(new Close("gansu", Unit, new DateOnly(2025, 2, 1), Noon)).Then(new InstallationClosed("gansu", Unit, Plant, new DateOnly(2025, 2, 1), Noon));
        Spec.Given(Registered).When(new Close("gansu", Unit, new DateOnly(2020, 2, 1), Noon)).ThenRejected("before-first-year");
    }

    [Fact]
    public void What_it_did_in_a_year_is_filed_and_may_be_filed_otherwise()
    {
        Spec.Given(Registered).When(File(5)).Then(Filed(5));
        Spec.Given(Registered, Filed(5)).When(File(5)).ThenNothing();
        Spec.Given(Registered, Filed(5)).When(File(6)).Then(Filed(6));
        Spec.Given(Registered).When(File(5) with { Year = Of(2020) }).ThenRejected("before-first-year");
    }

    private static ComplianceYear Of(int year) => ComplianceYear.Of(year);

    private static Register Register() => new("gansu", Unit, Plant, "Unit 1", Of(2021), Noon);

    private static Classify Classify(int from, string category) => new("gansu", Unit, Of(from), [category], null, Noon);

    private static InstallationClassified Classified(int from, string category) => new("gansu", Unit, Plant, Of(from), [category], null, Noon);

    private static Transfer Transfer(int from) => new("gansu", Unit, Buyer, Of(from), Noon);

    private static FileActivity File(decimal heat) => new("gansu", Unit, Of(2024), Figures(heat), null, Noon);

    private static ActivityFiled Filed(decimal heat) => new("gansu", Unit, Plant, Of(2024), Figures(heat), null, Noon);

    private static ImmutableSortedDictionary<string, ActivityFigure> Figures(decimal heat) =>
        ImmutableSortedDictionary<string, ActivityFigure>.Empty.Add("heat", new ActivityFigure(heat, "GJ"));

    private static Installation Fold(params InstallationEvent[] events) =>
        events.Aggregate((Installation?)null, (unit, e) => Installation.After(unit, e, Guid.Empty))!;
}
