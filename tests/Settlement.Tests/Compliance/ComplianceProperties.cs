using CarbonMarket.Kernel;
using CsCheck;
using static CarbonMarket.Settlement.Compliance.ComplianceCommand;
using Decision = CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Compliance.ComplianceEvent>;

namespace CarbonMarket.Settlement.Compliance;

public sealed class ComplianceProperties
{
    private static readonly Guid Entity = DeterministicGuid.From("covered-entity");
    private static readonly ComplianceYear First = ComplianceYear.Of(2021);
    private static readonly DateTimeOffset At = new(2025, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly StatusRule Rule = StatusRule.Named("cumulative-abc");

    private static readonly Gen<ComplianceYear> AnyYear = Gen.Int[2020, 2026].Select(ComplianceYear.Of);
    private static readonly Gen<Quantity> AnyQuantity = Gen.Long[0, 500].Select(Quantity.Of);
    private static readonly Gen<Guid> AnyId = Gen.Int[0, 9].Select(number => DeterministicGuid.From(Entity, "id", number));

    private static readonly Gen<ComplianceCommand> AnyCommand = Gen.OneOf(
        Gen.Select(AnyYear, Gen.Int[0, 5], Gen.Long[1, 9], (first, length, revision) => (ComplianceCommand)new Cover(Entity,
            first, length == 0 ? null : ComplianceYear.Of(first.Value + length - 1), First, revision, At)),
        AnyYear.Select(year => (ComplianceCommand)new BeginYear(Entity, year, At)),
        Gen.Select(AnyYear, AnyQuantity, Gen.Long[1, 9], Gen.Bool, (year, tonnes, version, withdrawn) =>
            (ComplianceCommand)new RecordEmissions(Entity, year, withdrawn ? null : tonnes, version, At)),
        Gen.Select(AnyId, AnyQuantity, (id, amount) => (ComplianceCommand)new Surrender(Entity, id, amount, At)),
        Gen.Select(AnyId, AnyQuantity, (id, amount) => (ComplianceCommand)new ReverseSurrender(Entity, id, amount, At)),
        Gen.Select(AnyYear, Gen.Long[1, 9], (year, revision) => (ComplianceCommand)new Exclude(Entity, year, revision, At)),
        Gen.Select(AnyYear, Gen.Long[1, 9], (year, revision) => (ComplianceCommand)new LiftExclusion(Entity, year, revision, At)));

    // Facts of four years that are all reportable, each year's reports and exclusions under numbers of their own.
    private static readonly Gen<ComplianceCommand[]> FactsOfFourYears = Gen.Select(
        Gen.Select(Gen.Int[0, 3], AnyQuantity, Gen.Long[1, 3], (year, tonnes, version) => (ComplianceCommand)new RecordEmissions(
            Entity, ComplianceYear.Of(2021 + year), Quantity.Of(tonnes.Value + version), version, At)).Array[0, 8],
        Gen.Select(Gen.Int[0, 99], Gen.Long[1, 500], (id, amount) => (ComplianceCommand)new Surrender(
            Entity, DeterministicGuid.From(Entity, "surrender", id), Quantity.Of(amount), At)).Array[0, 8],
        (reports, surrenders) => reports.DistinctBy(Key).Concat(surrenders.DistinctBy(Key)).ToArray());

    [Fact]
    public void The_order_in_which_reports_and_surrenders_of_a_year_arrive_does_not_matter() =>
        Gen.Select(FactsOfFourYears, Gen.Int).Sample((facts, seed) =>
        {
            var shuffled = (ComplianceCommand[])facts.Clone();
            new Random(seed).Shuffle(shuffled);
            var one = Play(facts);
            var other = Play(shuffled);
            return one.Years.SequenceEqual(other.Years)
                && one.Surrendered == other.Surrendered
                && Rule.Now(one) == Rule.Now(other);
        });

    [Fact]
    public void A_repeat_of_any_accepted_command_changes_nothing() =>
        AnyCommand.Array[1, 30].Sample(commands =>
        {
            ComplianceRecord? record = null;
            foreach (var command in commands)
            {
                if (ComplianceRecord.Decide(record, command) is not Decision.Accepted accepted)
                    continue;
                record = accepted.Events.Aggregate(record, ComplianceRecord.Evolve);
                ComplianceRecord.Decide(record, command).ShouldBe(Decision.Accept());
            }
        });

    [Fact]
    public void A_whole_history_delivered_again_changes_nothing() =>
        FactsOfFourYears.Sample(facts =>
        {
            var once = Play(facts);
            foreach (var fact in facts)
                ComplianceRecord.Decide(once, fact).ShouldBe(Decision.Accept());
        });

    [Fact]
    public void Surrendered_is_what_was_surrendered_less_what_was_reversed() =>
        AnyCommand.Array[1, 30].Sample(commands =>
        {
            var record = commands.Aggregate((ComplianceRecord?)null, Do);
            if (record is not null)
                record.Surrendered.Value.ShouldBe(
                    record.Surrenders.Values.Sum(q => q.Value) - record.Reversals.Values.Sum(q => q.Value));
        });

    private static ComplianceRecord Play(IEnumerable<ComplianceCommand> facts) =>
        facts.Prepend(new BeginYear(Entity, ComplianceYear.Of(2025), At))
            .Prepend(new Cover(Entity, First, null, First, 1, At))
            .Aggregate((ComplianceRecord?)null, Do)!;

    private static ComplianceRecord? Do(ComplianceRecord? record, ComplianceCommand command) =>
        ComplianceRecord.Decide(record, command) is Decision.Accepted accepted
            ? accepted.Events.Aggregate(record, ComplianceRecord.Evolve)
            : record;

    private static object Key(ComplianceCommand command) => command switch
    {
        RecordEmissions report => (report.Year, report.ReportVersion),
        Surrender surrender => surrender.SurrenderId,
        _ => command,
    };
}
