namespace CarbonMarket.Audit.Proof;

public sealed class AuditSummarySpecs
{
    private static readonly ServiceProof Whole = new("trading", 10, 12, 2, GapFree: true, ChainValid: true);

    [Fact]
    public void A_log_that_holds_what_the_stores_hold_is_verified() => Summary([Whole], 10, 10).Verified.ShouldBeTrue();

    [Fact]
    public void A_store_may_grow_while_the_log_is_proved() => Summary([Whole], 9, 11).Verified.ShouldBeTrue();

    [Fact]
    public void An_event_that_never_reached_the_log_shows_although_no_stream_has_a_gap()
    {
        var summary = Summary([Whole], 11, 11);
        summary.Verified.ShouldBeFalse();
        summary.Services.Single().Complete.ShouldBe(false);
    }

    [Fact]
    public void An_entry_that_no_store_has_shows_too() => Summary([Whole], 8, 8).Verified.ShouldBeFalse();

    [Fact]
    public void A_service_of_which_the_log_holds_nothing_is_named()
    {
        var summary = Summary([], 3, 3);
        summary.Services.Single().ShouldBe(new AuditedService("trading", 0, 3, 0, 0, true, true, false));
        summary.Verified.ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_claimed_of_a_store_that_does_not_answer()
    {
        var summary = Summary([Whole], null, 10);
        summary.Services.Single().Complete.ShouldBeNull();
        summary.Verified.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_gap_or_a_broken_chain_is_not_outweighed_by_the_right_count(bool gapFree, bool chainValid) =>
        Summary([Whole with { GapFree = gapFree, ChainValid = chainValid }], 10, 10).Verified.ShouldBeFalse();

    private static AuditSummary Summary(IReadOnlyList<ServiceProof> proofs, long? before, long? after) => AuditSummary.Of(
        proofs, Counts(before), Counts(after));

    private static Dictionary<string, long?> Counts(long? count) => new(StringComparer.Ordinal) { ["trading"] = count };
}
