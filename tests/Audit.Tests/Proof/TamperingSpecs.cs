using static CarbonMarket.Audit.Recorded;

namespace CarbonMarket.Audit.Proof;

/// <summary>Each case does what the database refuses to everybody but its owner; the summary must show it.</summary>
public sealed class TamperingSpecs
{
    public static TheoryData<string> Intrusions() =>
    [
        new TheoryDataRow<string>("update audit.entries set body = replace(body, ':1}', ':2}') where position = 5")
            { TestDisplayName = "a body is altered" },
        new TheoryDataRow<string>("update audit.entries set recorded_at = recorded_at + interval '1 microsecond' where position = 5")
            { TestDisplayName = "a time is altered" },
        new TheoryDataRow<string>("update audit.entries set participants = '{}' where position = 5")
            { TestDisplayName = "an event is hidden from a participant's history" },
        new TheoryDataRow<string>("update audit.entries set digest = sha256('x') where position = 5")
            { TestDisplayName = "a digest is altered" },
        new TheoryDataRow<string>("delete from audit.entries where position = 5") { TestDisplayName = "an entry is deleted" },
        new TheoryDataRow<string>("delete from audit.entries where position = 10") { TestDisplayName = "the newest entry is deleted" },
        new TheoryDataRow<string>("delete from audit.entries where position = 1") { TestDisplayName = "the oldest entry is deleted" },
        new TheoryDataRow<string>("delete from audit.entries") { TestDisplayName = "all entries are deleted" },
        new TheoryDataRow<string>(
            "delete from audit.entries where position = 5; update audit.entries set position = position - 1 where position > 5")
            { TestDisplayName = "an entry is deleted and the rest closes ranks" },
        new TheoryDataRow<string>(
            """
            update audit.entries set position = -1 where position = 5;
            update audit.entries set position = 5 where position = 6;
            update audit.entries set position = 6 where position = -1
            """) { TestDisplayName = "two entries are swapped" },
        new TheoryDataRow<string>(
            """
            create temp table pair as select position, digest, hash from audit.entries where position in (5, 6);
            update audit.entries e set position = -e.position where position in (5, 6);
            update audit.entries e set position = p.position, hash = p.hash from pair p
                where e.position < 0 and p.position = 11 + e.position
            """) { TestDisplayName = "two entries are swapped beneath their links" },
        new TheoryDataRow<string>("delete from audit.chains") { TestDisplayName = "the end of the chain is deleted" },
    ];

    [Theory]
    [MemberData(nameof(Intrusions))]
    public async Task Whatever_an_intruder_alters_shows(string intrusion)
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading", Enumerable.Range(1, 10).Select(n => Entry("trading", n, Naming(Mill)))));
        (await log.ProofOf("trading")).ChainValid.ShouldBeTrue();

        await log.Tamper(intrusion);

        (await log.ProofOf("trading")).ChainValid.ShouldBeFalse();
    }

    [Fact]
    public async Task The_chains_of_services_do_not_depend_on_each_other()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading", 1, 10));
        await log.Append(Envelope("settlement", 1, 10));
        await log.Tamper("delete from audit.entries where service = 'trading' and position = 5");

        (await log.ProofOf("settlement")).ShouldBe(new("settlement", 10, 10, 1, GapFree: true, ChainValid: true));
        (await log.ProofOf("trading")).ShouldBe(new("trading", 9, 10, 1, GapFree: false, ChainValid: false));
    }

    [Fact]
    public async Task Ten_thousand_entries_are_proved_page_by_page()
    {
        await using var log = await TestLog.Create();
        for (var from = 1; from <= 10_000; from += 500)
            await log.Append(Envelope("settlement", from, 500));

        (await log.ProofOf("settlement")).ShouldBe(new("settlement", 10_000, 10_000, 1, GapFree: true, ChainValid: true));
    }
}
