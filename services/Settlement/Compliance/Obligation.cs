using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Compliance;

/// <summary>How many offsets may stand in for allowances, of what is due for a year; zero where the market has no offsets.</summary>
public delegate Quantity OffsetLimit(ComplianceYear year, Quantity due);

/// <summary>What one entity owes for one year (应清缴量), and what has answered for it.</summary>
/// <param name="Due">Verified emissions; null while they are not known.</param>
/// <param name="Allowances">Surrendered for this year.</param>
/// <param name="Offsets">The same, certified reductions, also those beyond their limit.</param>
/// <param name="OffsetLimit">Most offsets that count; it follows the amount due.</param>
/// <param name="OfAllYears">What was surrendered for all years together and falls to this one.</param>
public sealed record Obligation(ComplianceYear Year, Quantity? Due, Quantity Allowances, Quantity Offsets, Quantity OffsetLimit, Quantity OfAllYears)
{
    public Quantity OffsetsCounted => Quantity.Min(Offsets, OffsetLimit);

    /// <summary>They answer for nothing any more, because the amount due has fallen, and may be given back.</summary>
    public Quantity OffsetsOverLimit => Offsets - OffsetsCounted;

    public Quantity OffsetsStillUsable => OffsetLimit - OffsetsCounted;

    public Quantity Answered => Allowances + OffsetsCounted + OfAllYears;

    /// <summary>Still due; zero while the amount due is not known.</summary>
    public Quantity Outstanding => Due is { } due && due > Answered ? due - Answered : Quantity.Zero;

    /// <summary>
    /// An entity's years up to one of them, oldest first, without those it is excluded for and those after its last. What was surrendered for all
    /// years together goes to the oldest year that is short.
    /// </summary>
    public static ImmutableArray<Obligation> Of(ComplianceRecord record, int lastYear, OffsetLimit limit)
    {
        var rest = record.Answers.Aggregate(record.Surrendered, (left, answers) => left - answers.Allowances - answers.Offsets);
        var obligations = ImmutableArray.CreateBuilder<Obligation>();
        for (var year = record.FirstYear; year.Value <= lastYear && !(year > record.LastYear); year = year.Next)
        {
            if (record.Entry(year) is { Excluded: false } entry)
            {
                var own = record.Answers.FirstOrDefault(answers => answers.Year == year) ?? new YearAnswers(year, Quantity.Zero, Quantity.Zero);
                var alone = new Obligation(year, entry.Verified, own.Allowances, own.Offsets,
                    entry.Verified is { } due ? limit(year, due) : Quantity.Zero, Quantity.Zero);
                var filled = Quantity.Min(rest, alone.Outstanding);
                obligations.Add(alone with { OfAllYears = filled });
                rest -= filled;
            }
        }
        return obligations.DrainToImmutable();
    }
}
