using CarbonMarket.Audit.Log;
using static CarbonMarket.Audit.Recorded;

namespace CarbonMarket.Audit.History;

public sealed class HistorySpecs
{
    [Fact]
    public async Task A_participants_history_is_in_order_of_recording_across_services()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading",
            Entry("trading", 1, Naming(Mill), at: Noon.AddSeconds(2)),
            Entry("trading", 2, Naming(Quarry), at: Noon.AddSeconds(4)),
            Entry("trading", 3, Naming(Quarry, Mill), at: Noon.AddSeconds(5))));
        await log.Append(Envelope("settlement",
            Entry("settlement", 1, Naming(Mill), at: Noon.AddSeconds(5)),
            Entry("settlement", 2, "{}", actor: Mill, at: Noon.AddSeconds(3))));
        await log.Append(Envelope("identity", Entry("identity", 1, Naming(Mill), at: Noon)));

        (await Read(log, Mill, 500)).ShouldBe(
            ["identity 1", "trading 1", "settlement 2", "settlement 1", "trading 3"]);
        (await Read(log, Ministry, 500)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat_even_where_times_are_equal()
    {
        await using var log = await TestLog.Create();
        foreach (var service in (string[])["trading", "settlement"])
            await log.Append(Envelope(service, Enumerable.Range(1, 20).Select(n =>
                Entry(service, n, Naming(Mill), at: Noon.AddMicroseconds(n / 7)))));

        var whole = await Read(log, Mill, 500);
        whole.Count.ShouldBe(40);
        (await Read(log, Mill, 3)).ShouldBe(whole);
        (await Read(log, null, 7)).ShouldBe(whole);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("x.trading.1")]
    [InlineData("-1.trading.1")]
    [InlineData("1.trading.1.1")]
    [InlineData("9223372036854775807.trading.1")]
    [InlineData("1.trading.99999999999999999999")]
    public void A_cursor_that_no_page_gave_is_not_one(string text) => HistoryCursor.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_participant_reads_its_own_words_only()
    {
        var shared = AuditEntry.From("trading", Entry("trading", 1, Naming(Mill, Quarry), actor: Ministry));
        AuditEvent.ForOfficial(shared, isSealed: false).ShouldSatisfyAllConditions(
            official => official.Body!.Value.GetProperty("lines").GetArrayLength().ShouldBe(2),
            official => official.ActorSubject.ShouldBe("alice"));
        AuditEvent.For(Mill, "li", shared).ShouldSatisfyAllConditions(
            withheld => withheld.Body.ShouldBeNull(),
            withheld => withheld.Withheld.ShouldBe(WithheldFor.NamesOthers),
            withheld => withheld.ActorSubject.ShouldBeNull(),
            withheld => withheld.ActorClientId.ShouldBeNull(),
            withheld => withheld.Type.ShouldBe("unit.moved.v1"));
        AuditEvent.For(Mill, "li", AuditEntry.From("trading", Entry("trading", 1, Naming(Mill), actor: Mill))).ShouldSatisfyAllConditions(
            own => own.Body.ShouldNotBeNull(),
            own => own.ActorSubject.ShouldBe("alice"));
    }

    /// <summary>An account of the authority has no holder: what moves towards one names nobody else.</summary>
    [Fact]
    public void A_participant_reads_its_own_words_where_the_other_side_is_the_authority()
    {
        var cancelled = AuditEntry.From("settlement", Entry("settlement", 1, $$"""{"fromParticipantId":"{{Mill}}","toParticipantId":"{{Guid.Empty}}"}""", actor: Mill));
        AuditEvent.For(Mill, "li", cancelled).ShouldSatisfyAllConditions(
            own => own.Withheld.ShouldBeNull(),
            own => own.Body.ShouldNotBeNull());
    }

    [Theory]
    [InlineData("""{"by":"wang","tonnes":1.50}""", """{"tonnes":1.50}""")]
    [InlineData("""{"approvedBy":"li"}""", """{"approvedBy":"li"}""")]
    [InlineData("""{"steps":[{"decidedBy":"wang","amount":7}],"proposedBy":{"subject":"li","decidedBy":"wang"}}""", """{"steps":[{"amount":7}],"proposedBy":{"subject":"li"}}""")]
    [InlineData("""{"statementBy":"2026-06-30","by":5,"settledBy":"0b2bb2f0-0000-4000-8000-000000000001","claimedBy":null,"standby":"a"}""",
        """{"statementBy":"2026-06-30","by":5,"settledBy":"0b2bb2f0-0000-4000-8000-000000000001","claimedBy":null,"standby":"a"}""")]
    public void A_participant_reads_who_acted_where_it_was_itself(string recorded, string read)
    {
        var decided = AuditEntry.From("settlement", Entry("settlement", 1, recorded, actor: Ministry));
        AuditEvent.For(Mill, "li", decided).Body!.Value.GetRawText().ShouldBe(read);
        AuditEvent.ForOfficial(decided, isSealed: false).Body!.Value.GetRawText().ShouldBe(recorded);
    }

    [Fact]
    public void A_participant_reads_which_colleague_acted()
    {
        var own = AuditEntry.From("settlement", Entry("settlement", 1, """{"by":"alice"}""", actor: Mill));
        AuditEvent.For(Mill, "li", own).Body!.Value.GetRawText().ShouldBe("""{"by":"alice"}""");
    }

    private static async Task<List<string>> Read(TestLog log, Guid? participant, int pageSize)
    {
        var read = new List<string>();
        HistoryCursor? after = null;
        while (await log.History.Page(participant, after, pageSize, TestContext.Current.CancellationToken) is { IsEmpty: false } page)
        {
            read.AddRange(page.Select(entry => $"{entry.Service} {entry.Sequence}"));
            HistoryCursor.TryParse(HistoryCursor.Of(page[^1]).ToString(), out after).ShouldBeTrue();
        }
        return read;
    }
}
