using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static CarbonMarket.Audit.Recorded;

namespace CarbonMarket.Audit.Log;

public sealed class AppendingSpecs
{
    [Fact]
    public async Task What_a_service_recorded_is_kept_to_the_letter()
    {
        await using var log = await TestLog.Create();
        var told = Entry("trading", 7, Naming(Quarry, Mill), Ministry);
        (await log.Append(Envelope("trading", told))).ShouldBe(1);

        var held = (await log.Everything()).ShouldHaveSingleItem();
        held.ShouldBe(AuditEntry.From("trading", told) with { Participants = held.Participants });
        held.Participants.ShouldBe(new[] { Mill, Quarry, Ministry }.Order());
    }

    [Fact]
    public async Task Redelivery_and_overlap_change_nothing()
    {
        await using var log = await TestLog.Create();
        (await log.Append(Envelope("trading", 1, 10))).ShouldBe(10);
        (await log.Append(Envelope("trading", 1, 10))).ShouldBe(0);
        (await log.Append(Envelope("trading", 6, 10))).ShouldBe(5);
        (await log.Append(Envelope("trading", [.. Envelope("trading", 15, 2).Entries, .. Envelope("trading", 15, 2).Entries]))).ShouldBe(1);
        (await log.Append(Envelope("trading"))).ShouldBe(0);

        (await log.ProofOf("trading")).ShouldBe(new("trading", 16, 16, 1, GapFree: true, ChainValid: true));
    }

    [Fact]
    public async Task Envelopes_out_of_order_are_taken_and_the_gap_shows_until_it_is_filled()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading", 11, 10));
        (await log.ProofOf("trading")).ShouldBe(new("trading", 10, 20, 1, GapFree: false, ChainValid: true));
        await log.Append(Envelope("trading", 1, 10));
        (await log.ProofOf("trading")).ShouldBe(new("trading", 20, 20, 1, GapFree: true, ChainValid: true));
    }

    [Fact]
    public async Task An_event_that_comes_again_with_other_content_is_refused_whole()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading", 1, 2));
        await Should.ThrowAsync<ConflictingEntryException>(() =>
            log.Append(Envelope("trading", Entry("trading", 3), Entry("trading", 2, """{"number":3}"""))));
        (await log.ProofOf("trading")).Events.ShouldBe(2);
    }

    [Fact]
    public async Task A_second_event_at_the_same_place_of_a_stream_is_refused_whole()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading", 1, 2));
        await Should.ThrowAsync<ConflictingEntryException>(() =>
            log.Append(Envelope("trading", Entry("trading", 3), Entry("trading", 9) with { StreamVersion = 2 })));
        (await log.ProofOf("trading")).ShouldBe(new("trading", 2, 2, 1, GapFree: true, ChainValid: true));
    }

    [Fact]
    public async Task Writers_of_one_service_take_turns()
    {
        await using var log = await TestLog.Create();
        var appended = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer =>
            log.Append(Envelope("trading", 1 + writer * 50, 100))));
        appended.Sum().ShouldBe(450);
        (await log.ProofOf("trading")).ShouldBe(new("trading", 450, 450, 1, GapFree: true, ChainValid: true));
    }

    [Theory]
    [InlineData("update audit.entries set body = '{}'")]
    [InlineData("delete from audit.entries")]
    [InlineData("truncate audit.entries")]
    [InlineData("delete from audit.chains")]
    [InlineData("update audit.chains set entries = entries - 1")]
    public async Task The_database_refuses_to_change_what_was_written(string statement)
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading", 1, 3));
        var refusal = await Should.ThrowAsync<PostgresException>(() => log.Execute(statement));
        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await log.ProofOf("trading")).Events.ShouldBe(3);
    }

    [Fact]
    public async Task Starting_again_leaves_the_log_as_it_is()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading", 1, 3));
        await new AuditSchema(log.Database, NullLogger<AuditSchema>.Instance)
            .StartingAsync(TestContext.Current.CancellationToken);
        (await log.ProofOf("trading")).ShouldBe(new("trading", 3, 3, 1, GapFree: true, ChainValid: true));
    }
}
