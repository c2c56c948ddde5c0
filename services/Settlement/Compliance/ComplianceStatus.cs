using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Compliance;

/// <summary>Where a covered entity stands, in the registry's letters.</summary>
public enum ComplianceStatus
{
    /// <summary>No year is due yet.</summary>
    NotApplicable,

    /// <summary>Every year due is excluded.</summary>
    Excluded,

    /// <summary>Surrendered at least what was verified.</summary>
    A,

    /// <summary>Surrendered less than what was verified.</summary>
    B,

    /// <summary>Verified emissions are missing for a year that is due.</summary>
    C,
}

/// <summary>
/// How a market turns a <see cref="ComplianceRecord"/> into a status; its policy pack names the rule.
/// </summary>
public abstract record StatusRule
{
    private StatusRule()
    {
    }

    /// <summary>The status as it stands: over every year due by now, an entity's running last year included.</summary>
    public ComplianceStatus Now(ComplianceRecord record) => Through(record, record.DueThrough);

    /// <summary>
    /// The status on which a compliance year is closed: over the years up to and including it. It differs from
    /// <see cref="Now"/> for an entity whose last year has begun, whose report for that year nobody can expect yet.
    /// </summary>
    public ComplianceStatus For(ComplianceRecord record, ComplianceYear year) =>
        Through(record, Math.Min(year.Value, record.LastYear?.Value ?? year.Value));

    /// <summary>Each year is answered for by what was surrendered for it, so that a surrender says which year it is for.</summary>
    public virtual bool IsByYear => false;

    /// <param name="name">As the policy pack names it.</param>
    /// <param name="offsetLimit">Null: no offset stands in for an allowance.</param>
    /// <exception cref="ArgumentException">No such rule: the policy pack is wrong.</exception>
    public static StatusRule Named(string name, OffsetLimit? offsetLimit = null) => name switch
    {
        "cumulative-abc" => new CumulativeAbc(),
        "each-year-abc" => new EachYearAbc(offsetLimit ?? ((_, _) => Quantity.Zero)),
        _ => throw new ArgumentException($"There is no status rule '{name}'; known: cumulative-abc, each-year-abc.", nameof(name)),
    };

    public static string Code(ComplianceStatus status) => status switch
    {
        ComplianceStatus.NotApplicable => "NOT_APPLICABLE",
        ComplianceStatus.Excluded => "EXCLUDED",
        _ => status.ToString(),
    };

    protected abstract ComplianceStatus Through(ComplianceRecord record, int lastYear);

    /// <summary>
    /// Surrenders of all years answer for the emissions of all years (UK: the Greenhouse Gas Emissions Trading Scheme Order
    /// 2020, as the UK registry assesses it in its dynamic surrender status).
    /// </summary>
    private sealed record CumulativeAbc : StatusRule
    {
        protected override ComplianceStatus Through(ComplianceRecord record, int lastYear)
        {
            var anyDue = false;
            var anyOwed = false;
            var anyMissing = false;
            for (var year = record.FirstYear.Value; year <= lastYear; year++)
            {
                var entry = record.Entry(ComplianceYear.Of(year));
                anyDue = true;
                anyOwed |= !entry.Excluded;
                anyMissing |= entry is { Excluded: false, Verified: null };
            }
            return (anyDue, anyOwed, anyMissing) switch
            {
                (false, _, _) => ComplianceStatus.NotApplicable,
                (_, false, _) => ComplianceStatus.Excluded,
                (_, _, true) => ComplianceStatus.C,
                _ => record.Surrendered >= record.VerifiedThrough(lastYear) ? ComplianceStatus.A : ComplianceStatus.B,
            };
        }
    }

    /// <summary>
    /// Each year is surrendered for by itself (China: the allocation plans since 2021, which say for each year which vintages
    /// answer for it). Offsets count up to their share of the amount due.
    /// </summary>
    private sealed record EachYearAbc(OffsetLimit OffsetLimit) : StatusRule
    {
        public override bool IsByYear => true;

        protected override ComplianceStatus Through(ComplianceRecord record, int lastYear)
        {
            if (record.FirstYear.Value > lastYear)
                return ComplianceStatus.NotApplicable;
            var owed = Obligation.Of(record, lastYear, OffsetLimit);
            return owed switch
            {
                [] => ComplianceStatus.Excluded,
                _ when owed.Any(year => year.Due is null) => ComplianceStatus.C,
                _ when owed.Any(year => !year.Outstanding.IsZero) => ComplianceStatus.B,
                _ => ComplianceStatus.A,
            };
        }
    }
}
