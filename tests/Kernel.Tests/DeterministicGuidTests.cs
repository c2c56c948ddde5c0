namespace CarbonMarket.Kernel.Tests;

public sealed class DeterministicGuidTests
{
    private static readonly Guid Source = Guid.Parse("01890000-0000-7000-8000-000000000001");

    [Fact]
    public void The_same_cause_and_purpose_give_the_same_id() =>
        DeterministicGuid.From(Source, "settle").ShouldBe(DeterministicGuid.From(Source, "settle"));

    [Fact]
    public void Another_cause_purpose_or_number_gives_another_id()
    {
        Guid[] ids =
        [
            DeterministicGuid.From(Source, "settle"),
            DeterministicGuid.From(Source, "issue"),
            DeterministicGuid.From(Source, "settle", 1),
            DeterministicGuid.From(Source, "settle", 2),
            DeterministicGuid.From("settle"),
        ];
        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public void Ids_are_stored_for_ever_so_the_derivation_never_changes() =>
        DeterministicGuid.From("uk-ets:close:2021-05-04").ShouldBe(Guid.Parse("4416cc41-0b88-883b-b306-9870957e7c19"));

    [Fact]
    public void What_is_named_by_a_derived_id_is_kept_under_another_for_each_kind_and_all_else_under_its_name()
    {
        var derived = DeterministicGuid.From("somebody else's");
        Guid[] ids = [derived, DeterministicGuid.OfNamed(derived, "report"), DeterministicGuid.OfNamed(derived, "plan")];
        ids.ShouldBeUnique();
        DeterministicGuid.OfNamed(derived, "report").ShouldBe(ids[1]);
        DeterministicGuid.OfNamed(Source, "report").ShouldBe(Source);
    }

    [Fact]
    public void A_derived_id_says_that_it_is_derived() => DeterministicGuid.From("any").Version.ShouldBe(8);
}
