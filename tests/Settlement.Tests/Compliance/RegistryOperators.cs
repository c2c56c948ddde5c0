using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;
using Microsoft.VisualBasic.FileIO;
using static CarbonMarket.Settlement.Compliance.ComplianceCommand;
using Decision = CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Compliance.ComplianceEvent>;

namespace CarbonMarket.Settlement.Compliance;

/// <summary>Every operator of the UK registry's published report, against its published status for 2024.</summary>
public sealed class RegistryOperators
{
    private static readonly ComplianceYear First = ComplianceYear.Of(2021);
    private static readonly ComplianceYear Assessed = ComplianceYear.Of(2024);
    private static readonly StatusRule Rule = StatusRule.Named("cumulative-abc");
    private static readonly ImmutableSortedDictionary<string, Operator> ById = Read();

    public static TheoryData<string> WithPublishedStatus()
    {
        var rows = new TheoryData<string>();
        foreach (var (id, row) in ById.Where(pair => pair.Value.Status.Length > 0))
            rows.Add(new TheoryDataRow<string>(id) { TestDisplayName = $"operator {id} is {row.Status} for 2024" });
        return rows;
    }

    [Theory]
    [MemberData(nameof(WithPublishedStatus))]
    public void An_operators_status_for_2024_is_the_published_one(string id) =>
        StatusRule.Code(Rule.For(Play(ById[id]), Assessed)).ShouldBe(ById[id].Status);

    [Fact]
    public void The_register_is_complete()
    {
        ById.Count.ShouldBe(670);
        ById.Values.Count(row => row.Status.Length > 0).ShouldBe(641);
        ById.Values.Sum(row => row.Surrendered).ShouldBe(200_365_029);
    }

    [Fact]
    public void In_2025_the_closing_status_and_the_running_status_differ_only_for_the_operator_whose_last_year_runs()
    {
        var differing = ById.Values.Select(Play)
            .Where(record => Rule.For(record, Assessed) != Rule.Now(record))
            .ShouldHaveSingleItem();
        differing.LastYear.ShouldBe(ComplianceYear.Of(2025));
        Rule.Now(differing).ShouldBe(ComplianceStatus.C, "its report for 2025 has not come");
    }

    private static ComplianceRecord Play(Operator row)
    {
        var entity = DeterministicGuid.From($"operator:{row.Id}");
        var record = Do(null, new Cover(entity, row.FirstYear, row.LastYear, First, 1, NewYear(First)));
        for (var year = First; year <= Assessed; year = year.Next)
        {
            record = Do(record, new BeginYear(entity, year.Next, NewYear(year.Next)));
            var cell = row.Emissions[year.Value - First.Value];
            if (cell is "EXCLUDED")
                record = Do(record, new Exclude(entity, year, year.Value, NewYear(year.Next)));
            else if (cell.Length > 0)
                record = Do(record, new RecordEmissions(entity, year, Quantity.Of(Number(cell)), 1, NewYear(year.Next)));
        }
        return row.Surrendered == 0
            ? record
            : Do(record, new Surrender(entity, entity, Quantity.Of(row.Surrendered), NewYear(Assessed.Next)));
    }

    private static ComplianceRecord Do(ComplianceRecord? record, ComplianceCommand command) =>
        ComplianceRecord.Decide(record, command).ShouldBeOfType<Decision.Accepted>($"{command}").Events
            .Aggregate(record, ComplianceRecord.Evolve)!;

    private static DateTimeOffset NewYear(ComplianceYear year) => new(year.Value, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static long Number(string cell) => long.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);

    private static ImmutableSortedDictionary<string, Operator> Read()
    {
        using var csv = new TextFieldParser(Path.Combine(AppContext.BaseDirectory, "data", "operators_2021_2024.csv"));
        csv.SetDelimiters(",");
        var header = csv.ReadFields()!;
        var rows = ImmutableSortedDictionary.CreateBuilder<string, Operator>(StringComparer.Ordinal);
        while (csv.ReadFields() is { } fields)
        {
            string Cell(string name) => fields[Array.IndexOf(header, name)];
            rows.Add(Cell("operator_id"), new Operator(Cell("operator_id"),
                ComplianceYear.Of((int)Number(Cell("first_year"))),
                Cell("last_year").Length == 0 ? null : ComplianceYear.Of((int)Number(Cell("last_year"))),
                [.. Enumerable.Range(2021, 4).Select(year => Cell($"emissions_{year}"))],
                Number(Cell("cumulative_surrenders")), Cell("status_2024")));
        }
        return rows.ToImmutable();
    }

    private sealed record Operator(string Id, ComplianceYear FirstYear, ComplianceYear? LastYear,
        ImmutableArray<string> Emissions, long Surrendered, string Status);
}
