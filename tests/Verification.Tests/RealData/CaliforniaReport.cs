using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Testing;
using CarbonMarket.Verification.Exchange;

namespace CarbonMarket.Verification.RealData;

/// <summary>One report of California's mandatory reporting, as it was published: tonnes with many decimals, and what came of it.</summary>
/// <param name="Total">What counts: the sum of the parts, or the level that the authority assigned.</param>
/// <param name="IsAssigned">The authority assigned the emissions level (AEL).</param>
/// <param name="Parts">Emitter, fuel supplier, importer: of fossil and of biogenic origin.</param>
/// <param name="Covered">Of the three, those that answer for allowances.</param>
/// <param name="Statement">The verifier's; N/A: too small to be verified.</param>
internal sealed record CaliforniaReport(
    string Facility, int Year, decimal Total, bool IsAssigned, IReadOnlyList<(string Name, decimal Tonnes)> Parts, IReadOnlyList<decimal> Covered, decimal CoveredTotal,
    decimal NotCovered, string Statement, string Verifier)
{
    /// <summary>Added to each year: the market that the reports are filed in begins in 2021.</summary>
    private const int Later = 8;

    public Guid Id => DeterministicGuid.From(ParticipantId, "california", Year);

    public Guid ParticipantId => DeterministicGuid.From(Guid.Empty, "california", long.Parse(Facility, CultureInfo.InvariantCulture));

    public Guid VerifierId => DeterministicGuid.From($"verifier {Verifier}");

    public int FiledYear => Year + Later;

    public string? Conclusion => Statement.Split(' ')[0] switch
    {
        "Positive" => "positive",
        "Qualified" or "Qualfied" => "qualified",
        "Adverse" => "adverse",
        _ => null,
    };

    public static long Whole(decimal tonnes) => (long)decimal.Round(tonnes, MidpointRounding.AwayFromZero);

    public static IReadOnlyList<CaliforniaReport> All() => [.. Enumerable.Range(2013, 6).SelectMany(year => Read($"ca-mrr/mrr_{year}.csv"))];

    private static IEnumerable<CaliforniaReport> Read(string file)
    {
        var faults = new Faults();
        var sheet = CsvSheets.Read(SharedData.Bytes(file), faults).ShouldHaveSingleItem();
        faults.All.ShouldBeEmpty();
        var columns = sheet.Rows[0].Cells.Index().ToDictionary(cell => cell.Item.Text, cell => cell.Index, StringComparer.Ordinal);
        foreach (var row in sheet.Rows.Skip(1))
        {
            string Text(string column) => row[columns[column]].Text;
            decimal Tonnes(string column) => decimal.Parse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture);
            yield return new CaliforniaReport(
                Text("arb_id"), int.Parse(Text("year"), CultureInfo.InvariantCulture), Tonnes("total_co2e"), Text("ael") == "Yes",
                [.. new[] { "emitter_nonbio", "emitter_bio", "fuel_nonbio", "fuel_bio", "import_co2e" }.Select(part => (part, Tonnes(part)))],
                [Tonnes("cov_emitter"), Tonnes("cov_fuel"), Tonnes("cov_import")], Tonnes("cov_total"), Tonnes("noncov_total"), Text("verif_emissions"), Text("verifier"));
        }
    }
}
