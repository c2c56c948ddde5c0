using System.Collections.Immutable;

namespace CarbonMarket.Verification.Checks;

/// <summary>Every check there is, in the order in which they are told.</summary>
public static class Catalogue
{
    /// <summary>A year with more warnings than fit in here is told how many more; errors are told all, and come first.</summary>
    public const int MostResults = 500;

    public static readonly ImmutableArray<ICheck> Checks =
    [
        new SourcePriorityFalls(), new PlanIsLate(), new EvidenceIsLate(), new MonthIsOlderThanPlan(), new EditedAfterAppointment(),
        new CalibrationIsNotShown(), new CalibrationIsExpired(), new MeterIsOverTolerance(), new LaboratoryIsNotShown(), new LaboratoryIsNotAccredited(),
        new SampleIsTestedLate(), new SampleIsOfAnotherMonth(), new SampleBasisDiffers(), new EvidenceIsUnspecific(), new CertificateIsRepeated(), new MonthsAreConstant(),
        new MonthIsAnOutlier(), new PeersDiffer(), new YearOnYearChange(), new EarlierFindingIsOpen(), new EnergyBalance(), new HeatSuppliedAboveBoiler(),
        new GenerationMismatch(), new UtilisationAboveRunning(), new StockDiffers(), new StockIsNotContinued(), new CrossSourceDiffers(),
        new ConversionDiffers(), new UnitMonthIsMissing(), new CapacityDiffers(),
    ];

    public static FoundByChecks Run(CheckedYear year)
    {
        var found = Checks.SelectMany(check => check.Of(year)).OrderBy(result => result.Severity).ToList();
        var told = found.Take(Math.Max(MostResults, found.Count(result => result.Severity == Severity.Error))).ToImmutableArray();
        return new FoundByChecks(told, found.Count - told.Length);
    }
}
