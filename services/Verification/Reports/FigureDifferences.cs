using System.Collections.Immutable;
using CarbonMarket.Verification.Evidence;

namespace CarbonMarket.Verification.Reports;

/// <param name="Value">In the unit beside it.</param>
/// <param name="Unit">As it was measured.</param>
/// <param name="Evidence">SHA-256 of the file that shows it.</param>
public sealed record ShownFigure(decimal Value, string Unit, string Evidence);

/// <summary>A measured figure behind the tonnes that one version has otherwise than another, or with other evidence.</summary>
/// <param name="Month">1 to 12.</param>
/// <param name="Stream">Code of the plan's stream.</param>
/// <param name="Input">An input of the stream's method.</param>
/// <param name="Outcome">changed, added or removed; changed also where another file shows it.</param>
/// <param name="From">Null: added.</param>
/// <param name="To">Null: removed.</param>
public sealed record FigureDifference(int Month, string Stream, string Input, FieldOutcome Outcome, ShownFigure? From, ShownFigure? To);

/// <summary>What tells the evidence behind one version from that behind another, in the order of months, streams and inputs.</summary>
public static class FigureDifferences
{
    /// <summary>More are counted, not listed.</summary>
    public const int MostListed = 1000;

    public static ImmutableArray<FigureDifference> Between(IEnumerable<MonthlyEvidence> from, IEnumerable<MonthlyEvidence> to)
    {
        var (before, after) = (Figures(from), Figures(to));
        return
        [
            .. from key in before.Keys.Union(after.Keys)
                   .OrderBy(key => key.Month).ThenBy(key => key.Stream, StringComparer.Ordinal).ThenBy(key => key.Input, StringComparer.Ordinal)
               let was = before.GetValueOrDefault(key)
               let now = after.GetValueOrDefault(key)
               where was != now
               select new FigureDifference(
                   key.Month, key.Stream, key.Input, was is null ? FieldOutcome.Added : now is null ? FieldOutcome.Removed : FieldOutcome.Changed, was, now),
        ];
    }

    private static Dictionary<(int Month, string Stream, string Input), ShownFigure> Figures(IEnumerable<MonthlyEvidence> months) => months
        .SelectMany(month => month.Content.Figures.Select(figure => (month.Month, Figure: figure)))
        .ToDictionary(one => (one.Month, one.Figure.Stream, one.Figure.Input), one => new ShownFigure(one.Figure.Value, one.Figure.Unit, one.Figure.Evidence));
}
