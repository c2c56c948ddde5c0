using System.Collections.Immutable;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Verification.Exchange;

/// <summary>Whatever may be filed may be taken out and filed again: the limits of files leave room for the limits of months.</summary>
public sealed class LargestYearTests
{
    private const int Streams = 100;
    private const int Units = 100;
    private static readonly ComplianceYear Year = ComplianceYear.Of(2025);
    private static readonly string[] Inputs = ["carbonPerEnergy", "ncv", "oxidationRate", "quantity"];

    private static PolicyPack Gansu => PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Find("gansu")!;

    [Theory]
    [InlineData(CsvSheets.MediaType)]
    [InlineData(WorkbookReader.MediaType)]
    public void The_largest_year_comes_back_as_it_was(string mediaType)
    {
        var plan = Plan();
        var months = Enumerable.Range(1, 12).Select(month => new MonthlyEvidence(
            MonthlyEvidence.IdOf("gansu", Guid.Empty, Year, month), "gansu", Guid.Empty, Year, month, 1, 1, Content(month), false, DateTimeOffset.UnixEpoch)).ToList();
        var sheets = YearSheets.Filed(plan, months);
        var content = mediaType == CsvSheets.MediaType ? CsvTable.Write(sheets) : WorkbookWriter.Write(sheets);
        content.Length.ShouldBeLessThan(SheetLimits.LargestUpload);

        var faults = new Faults();
        var draft = ImportYear.Read(content, mediaType, Year.Value, faults);
        draft.Check(faults, plan, draft.Files.ToHashSet(StringComparer.Ordinal));
        faults.All.ShouldBeEmpty();
        draft.Commands(Gansu, plan, DateTimeOffset.UnixEpoch.AddYears(60)).Zip(months).ShouldAllBe(month => month.First.Content.Says(month.Second.Content));
    }

    private static MonthContent Content(int month)
    {
        var files = Enumerable.Range(0, 200).Select(number => EvidenceFiles.Hash(BitConverter.GetBytes((month * 1000) + number))).Order(StringComparer.Ordinal).ToList();
        return new(
            [.. files.Select(file => new Exhibit(file, "=" + new string('煤', 199), EvidenceKind.MeterReading))],
            [
                .. from stream in Enumerable.Range(0, Streams)
                   from input in Inputs
                   select new MonthFigure(Code(stream), input, input == "quantity" ? 999_999_999_999.9999999999m : 0.0123456789m, Unit(input), files[(stream + month) % files.Count]),
            ],
            [.. Enumerable.Range(0, Units).Select(unit => new UnitMonth(
                Code(unit), 999_999_999_999.9999999999m, 0.0123456789m, 999_999_999_999.9999999999m, 671.9999999999m, 99.9999999999m, files[unit]))],
            [.. Enumerable.Range(0, Streams).Select(stream => new StockMonth(
                Code(stream), "quantity", 999_999_999_999.9999999999m, 0.0123456789m, 0, 999_999_999_999.9999999999m, "t", files[stream % files.Count]))],
            [.. Enumerable.Range(0, Streams).SelectMany(stream => Enum.GetValues<CrossSource>().Select(source => new CrossReading(
                Code(stream), "quantity", source, 999_999_999_999.9999999999m, "t", files[stream % files.Count])))]);
    }

    private static QualityPlan Plan()
    {
        var pack = MethodPacks.Newest(MethodPacks.Emissions);
        return new QualityPlan(
            QualityPlan.IdOf("gansu", Guid.Empty, Year), "gansu", Guid.Empty, Year, 1, pack.Id, pack.Version,
            new PlanContent(
                [],
                [.. Enumerable.Range(0, Streams).Select(stream => new StreamPlan(Code(stream), "Boiler", "combustion-ncv", ImmutableSortedDictionary<string, string>.Empty.Add("fuel", "bituminous")))],
                [.. Enumerable.Range(0, Streams).SelectMany(stream => Inputs.Select(input => new PlannedInput(Code(stream), input, Basis.Measured, null, "P")))],
                Units: [.. Enumerable.Range(0, Units).Select(unit => new GeneratingUnit(Code(unit), 600, UnitKind.Gas))]),
            null, false, DateTimeOffset.UnixEpoch);
    }

    // As long as a code may be.
    private static string Code(int stream) => $"{new string('炉', 47)}{stream:000}";

    private static string Unit(string input) => input switch { "quantity" => "t", "ncv" => "GJ/t", "oxidationRate" => "%", _ => "tC/GJ" };
}
