using System.Collections.Immutable;
using CarbonMarket.Calculation;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Verification.Calculations;

/// <summary>What a stream emitted in a month, with how that came about.</summary>
public sealed record StreamMonth(string Stream, int Month, Trace Trace);

/// <summary>What an instrument metered in a month, corrected for its calibration.</summary>
public sealed record CorrectedFigure(string Stream, int Month, string Input, Trace Trace);

/// <summary>A figure that the plan measures and no evidence gives.</summary>
/// <param name="Stream">Code of the plan's stream.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Input">An input of the stream's method.</param>
public sealed record MissingFigure(string Stream, int Month, string Input);

/// <summary>A stream's month that cannot be computed although its figures are there; of a year's balance or sum its method, and the last month.</summary>
/// <param name="Stream">Code of the plan's stream; of the year's balance or sum its method.</param>
/// <param name="Month">1 to 12; of the year's balance or sum 12.</param>
/// <param name="Fault">What is wrong, and what would be right.</param>
public sealed record Uncomputed(string Stream, int Month, CalculationFault Fault);

/// <summary>
/// A year computed from its evidence: every stream's emissions month by month from the figures that files show, and their
/// sum or balance as the entity's. Methods are linear in what is weighted, so the sum of the months is the year by its
/// consumption-weighted means (CETS-AG-03.01, 6.2). The same plan and months give the same traces to the last digit, whenever they are computed.
/// </summary>
/// <param name="Balance">How the plan's balance came about; null where the streams are just added up.</param>
/// <param name="Corrections">Figures that the parts take corrected, not as they were metered.</param>
/// <param name="Total">Null while anything is missing or uncomputed: part of a year is no year.</param>
public sealed record YearOfEvidence(
    ImmutableArray<StreamMonth> Parts, Trace? Balance, Trace? Total, ImmutableArray<MissingFigure> Missing, ImmutableArray<Uncomputed> Faults,
    ImmutableArray<CorrectedFigure> Corrections)
{
    private const int Months = 12;
    private const string Whole = "entity-emissions";

    /// <param name="months">The year's evidence as it stands, in any order.</param>
    public static YearOfEvidence Compute(QualityPlan plan, IEnumerable<MonthlyEvidence> months)
    {
        var pack = MethodPacks.Find(plan.Pack, plan.PackVersion)
            ?? throw new InvalidOperationException($"Method pack {plan.Pack} {plan.PackVersion} of plan {plan.Id} is not shipped.");
        var standing = months.ToList();
        var corrector = new MeterCorrections(pack, plan, standing);
        var filed = standing.SelectMany(month => month.Content.Figures.Select(figure => (month.Month, Figure: figure)))
            .ToDictionary(given => (given.Month, given.Figure.Stream, given.Figure.Input), given => given.Figure);
        var measured = plan.Content.Inputs.Where(input => input.Basis == Basis.Measured).ToLookup(input => input.Stream, StringComparer.Ordinal);
        var (parts, missing, faults, corrections) = (new List<StreamMonth>(), new List<MissingFigure>(), new List<Uncomputed>(), new List<CorrectedFigure>());
        foreach (var stream in plan.Content.Streams)
        {
            for (var month = 1; month <= Months; month++)
            {
                var lacking = measured[stream.Code].Where(input => !filed.ContainsKey((month, stream.Code, input.Input)))
                    .Select(input => new MissingFigure(stream.Code, month, input.Input)).ToList();
                missing.AddRange(lacking);
                if (lacking.Count > 0)
                    continue;
                var (given, uncorrected) = (new Dictionary<string, GivenFigure>(StringComparer.Ordinal), faults.Count);
                foreach (var input in measured[stream.Code])
                {
                    var figure = filed[(month, stream.Code, input.Input)];
                    var corrected = corrector.Of(stream, input, month, figure);
                    if (corrected?.Trace is { } counts)
                        corrections.Add(new CorrectedFigure(stream.Code, month, input.Input, counts));
                    faults.AddRange(Of(stream.Code, month, corrected));
                    given.Add(input.Input, corrected?.Trace is null ? Given(figure) : Given(corrected.Trace));
                }

                if (faults.Count > uncorrected)
                    continue;
                var calculated = Calculator.Compute(pack, new CalculationRequest(
                    stream.Method, plan.Year.Value, LastDay(plan.Year.Value, month), stream.Scope,
                    given.ToImmutableSortedDictionary(input => input.Key, input => ImmutableArray.Create(input.Value), StringComparer.Ordinal)));
                if (calculated.Trace is { } trace)
                    parts.Add(new StreamMonth(stream.Code, month, trace));
                faults.AddRange(Of(stream.Code, month, calculated));
            }
        }

        if (missing.Count + faults.Count > 0)
            return new YearOfEvidence([.. parts], Balance: null, Total: null, [.. missing], [.. faults], [.. corrections]);
        Trace? balance = null;
        if (plan.Content.Balance is { } method)
        {
            var balanced = BalanceOf(pack, method, plan, parts);
            balance = balanced.Trace;
            // More carbon in the products than came in: the figures are wrong, and nobody emits less than nothing.
            faults.AddRange(balance is { Result: < 0 }
                ? [new Uncomputed(method, Months, new CalculationFault("emissions", balance.Measure.ToString(), "0 tCO2 or more: what leaves holds no more carbon than what came in"))]
                : Of(method, Months, balanced));
        }

        var total = faults.Count > 0 ? null : Sum(pack, plan.Year.Value, balance is null ? parts.Select(part => part.Trace) : [balance]);
        return new YearOfEvidence([.. parts], balance, total?.Trace, [], [.. faults, .. Of(Whole, Months, total)], [.. corrections]);
    }

    public Trace? Find(string sha256) => Parts.Select(part => part.Trace).Concat(Corrections.Select(corrected => corrected.Trace)).Append(Balance).Append(Total)
        .FirstOrDefault(trace => trace is not null && string.Equals(trace.Hash(), sha256, StringComparison.Ordinal));

    private static IEnumerable<Uncomputed> Of(string stream, int month, Calculated? calculated) =>
        calculated is null ? [] : calculated.Faults.Select(fault => new Uncomputed(stream, month, fault));

    private static Calculated BalanceOf(MethodPack pack, string method, QualityPlan plan, List<StreamMonth> parts)
    {
        var lists = plan.Content.Streams.ToDictionary(stream => stream.Code, stream => stream.Part!, StringComparer.Ordinal);
        return Calculator.Compute(pack, new CalculationRequest(
            method, plan.Year.Value, LastDay(plan.Year.Value, Months), ImmutableSortedDictionary<string, string>.Empty,
            parts.GroupBy(part => lists[part.Stream], StringComparer.Ordinal).ToImmutableSortedDictionary(
                list => list.Key, list => list.Select(part => Given(part.Trace)).ToImmutableArray(), StringComparer.Ordinal)));
    }

    private static Calculated Sum(MethodPack pack, int year, IEnumerable<Trace> parts) => Calculator.Compute(pack, new CalculationRequest(
        Whole, year, LastDay(year, Months), ImmutableSortedDictionary<string, string>.Empty,
        ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>>.Empty.Add(
            "parts", [.. parts.Select(Given)])));

    private static GivenFigure Given(Trace part) => new(part.Measure, new Origin("trace", part.Hash()));

    private static GivenFigure Given(MonthFigure figure) => new(Measure.Of(figure.Value, figure.Unit), new Origin("evidence", figure.Evidence));

    // Factors that change within a year hold as of the month's end.
    private static DateOnly LastDay(int year, int month) => new DateOnly(year, month, 1).AddMonths(1).AddDays(-1);
}
